import logging
import zlib

from odoo import fields, http
from odoo.api import Environment
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)

GZIP = 16 + zlib.MAX_WBITS
PART_BYTES = 64 * 1024


class LedgerExport(http.Controller):
    @http.route(
        "/tibillet/ledger/export",
        type="http",
        auth="user",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def export(self):
        """The whole ledger as a file, in constant memory (format: ``docs/ledger-export.md``).

        It holds the movements of every company of the database, so only who administers the
        whole system may have it: no accountant's companies are ever all of them.

        :raises AccessError: for anybody else
        """
        if not request.env.user.has_group("base.group_system"):
            raise AccessError(
                request.env._(
                    "The export holds the movements of every company on this server: only a "
                    "system administrator may download it."
                )
            )
        _logger.info("the ledger is exported by user %s", request.env.uid)
        name = f"ledger-{fields.Datetime.now().strftime('%Y%m%dT%H%M%SZ')}.jsonl.gz"
        return request.make_response(
            _packed(request.env.cr.dbname, request.env.uid),
            headers=[
                ("Content-Type", "application/gzip"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )


def _packed(database, uid):
    """Packed bytes, part by part, from a cursor that lives as long as the download: the
    request's own is closed before the first part leaves."""
    packer = zlib.compressobj(wbits=GZIP)
    with Registry(database).cursor() as cr:
        waiting = bytearray()
        for line in Environment(cr, uid, {})["tibillet.ledger"]._export_lines():
            waiting += packer.compress(line)
            if len(waiting) >= PART_BYTES:
                yield bytes(waiting)
                waiting.clear()
        yield bytes(waiting) + packer.flush()
