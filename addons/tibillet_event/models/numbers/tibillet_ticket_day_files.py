from odoo import models

from ...table_files import as_csv, as_xlsx


class TibilletTicketDay(models.Model):
    """The statement as a file."""

    _inherit = "tibillet.ticket.day"

    def action_csv(self):
        return self._download_as("csv")

    def action_xlsx(self):
        return self._download_as("xlsx")

    def _download_as(self, kind):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/event/day/{self.id}.{kind}",
            "target": "download",
        }

    def _file(self, kind):
        """The statement's lines as ``csv`` or ``xlsx``, in bytes."""
        self.ensure_one()
        wall = self.env["tibillet.show.declaration"].new({"company_id": self.company_id.id})._wall
        heads = [
            self.env._("Show"),
            self.env._("Performance"),
            self.env._("Category"),
            self.env._("Series"),
            self.env._("First number"),
            self.env._("Last number"),
            self.env._("Paid"),
            self.env._("Free"),
            self.env._("Cancelled"),
            self.env._("Price"),
            self.env._("Paid in"),
            self.env._("VAT"),
            self.env._("Receipts"),
        ]
        rows = [
            [
                line.event_name,
                wall(line.begin_at),
                line.category,
                line.series,
                line.first,
                line.last,
                line.paid,
                line.free,
                line.cancelled,
                line.price,
                line.paid_in or "",
                line.vat,
                line.receipts,
            ]
            for line in self.line_ids
        ]
        return as_csv(heads, rows) if kind == "csv" else as_xlsx(str(self.day), heads, rows)
