from odoo import http
from odoo.http import request

from .. import source_archive, version


class Source(http.Controller):
    @http.route("/tibillet/source", type="http", auth="public", website=True, sitemap=False)
    def source(self):
        """The source of the running version (AGPL, section 13): the operator's address when one
        is set, else a page that hands out the very files that run here."""
        parameter_sudo = request.env["ir.config_parameter"].sudo()
        address = parameter_sudo.get_param("tibillet.source_url") or ""
        if address.startswith(("https://", "http://")):
            address = address.replace("{commit}", version.commit() or "HEAD")
            address = address.replace("{release}", version.release())
            return request.redirect(address, local=False)
        return request.render(
            "tibillet_wallet.source_page",
            {
                "release": version.release(),
                "commit": version.commit(),
                "homepage": version.homepage(),
                "archive": self._archive_name(),
            },
        )

    @http.route(
        "/tibillet/source/<string:name>.tar.gz",
        type="http",
        auth="public",
        methods=["GET"],
        multilang=False,
        sitemap=False,
        save_session=False,
    )
    def archive(self, name):
        if f"{name}.tar.gz" != self._archive_name():
            raise request.not_found()
        answer = request.env["tibillet.rate.limit"]._hit_request("source", 6)
        if not answer.allowed:
            return request.make_response(
                request.env._("Too many tries in a short time."),
                status=429,
                headers=[("Retry-After", str(answer.retry_after_s))],
            )
        # sudo: which addons are installed is what the archive shows anyway.
        modules_sudo = request.env["ir.module.module"].sudo()
        installed_sudo = modules_sudo.search(
            [("name", "=like", "tibillet%"), ("state", "in", ("installed", "to upgrade"))]
        )
        return request.make_response(
            source_archive.build(sorted(installed_sudo.mapped("name"))),
            headers=[
                ("Content-Type", "application/gzip"),
                ("Content-Disposition", f'attachment; filename="{self._archive_name()}"'),
                ("Cache-Control", "public, max-age=3600"),
            ],
        )

    def _archive_name(self):
        return f"tibillet-{version.release()}.tar.gz"
