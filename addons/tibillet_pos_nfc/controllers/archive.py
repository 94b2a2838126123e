"""The archive of a company's tills, for who reads its books."""

import logging
import tempfile

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

_logger = logging.getLogger(__name__)

PART_BYTES = 64 * 1024


class TillArchive(http.Controller):
    @http.route(
        "/tibillet/tills/<int:company_id>/archive.zip",
        type="http",
        auth="user",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def archive(self, company_id, kind="", day=""):
        """Every order of a month or an accounting year, line by line; not found for others.

        It grows on disk and leaves in parts: its size does not matter to the server's memory.
        """
        archive = request.env["tibillet.till.archive"]
        company = request.env["res.company"].browse(company_id)
        file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the answer)
        try:
            name = archive._file_name(company, kind, fields.Date.to_date(day))
            archive._write_file(company, kind, fields.Date.to_date(day), file)
        except (AccessError, UserError, ValueError):
            file.close()
            raise request.not_found() from None
        except Exception:
            file.close()
            raise
        _logger.info("archive %s was made for user %s", name, request.env.uid)
        size = file.tell()
        file.seek(0)
        response = request.make_response(
            iter(lambda: file.read(PART_BYTES), b""),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        response.call_on_close(file.close)
        return response
