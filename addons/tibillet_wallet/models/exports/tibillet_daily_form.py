from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class TibilletDailyForm(models.TransientModel):
    """Daily sales to consumers per rate, for a period: read here, or downloaded."""

    _name = "tibillet.daily.form"
    _description = "Daily sales to consumers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    first = fields.Date(
        string="From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        ).replace(day=1),
    )
    last = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - timedelta(days=1),
    )
    html = fields.Html(string="Totals", compute="_compute_html", sanitize=False)

    @api.depends("company_id", "first", "last")
    def _compute_html(self):
        totals = self.env["tibillet.daily.totals"]
        for form in self:
            totals._check_may(form.company_id)
            try:
                form.html = form._told(totals._days(form.company_id, form.first, form.last))
            except UserError as error:
                form.html = Markup("<p>%s</p>") % str(error)

    def _told(self, days):
        company_sudo = self.company_id.sudo()  # its currency
        currency_sudo = company_sudo.currency_id
        unit = 10**currency_sudo.decimal_places

        def money(minor):
            return format_amount(self.env, minor / unit, currency_sudo)

        if not days:
            return Markup("<p>%s</p>") % self.env._("Nothing was sold to consumers then.")
        rates = {}
        body = Markup()
        for day in days:
            for number, rate in enumerate(day["rates"]):
                sums = rates.setdefault(rate["rate"], [0, 0])
                sums[0] += rate["base_minor"]
                sums[1] += rate["vat_minor"]
                body += self._line(
                    format_date(self.env, day["day"]) if not number else "",
                    f"{rate['rate']:g} %",
                    money(rate["base_minor"]),
                    money(rate["vat_minor"]),
                    rate["operations"],
                )
        foot = Markup().join(
            self._line(
                self.env._("In all") if not number else "",
                f"{rate:g} %",
                money(base),
                money(vat),
                "",
                "fw-bold",
            )
            for number, (rate, (base, vat)) in enumerate(sorted(rates.items()))
        )
        heads = (
            self.env._("Day"),
            self.env._("Rate"),
            self.env._("Before tax"),
            self.env._("VAT"),
            self.env._("Sales"),
        )
        head = Markup().join(
            Markup('<th class="%s">%s</th>') % ("" if at < 1 else "text-end", text)
            for at, text in enumerate(heads)
        )
        return Markup(
            '<table class="table table-sm o_tibillet_daily"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody><tfoot>%s</tfoot></table>"
        ) % (head, body, foot)

    @api.model
    def _line(self, first, *cells):
        *cells, style = cells if len(cells) > 4 else (*cells, "")
        row = Markup("<td>%s</td>") % first + Markup().join(
            Markup('<td class="text-end">%s</td>') % cell for cell in cells
        )
        return Markup('<tr class="%s">%s</tr>') % (style, row)

    def action_csv(self):
        """Download it as a table."""
        return self._download("csv")

    def action_json(self):
        """Download it for a program."""
        return self._download("json")

    def _download(self, kind):
        self.ensure_one()
        self.check_access("read")
        self.env["tibillet.daily.totals"]._check_may(self.company_id)
        self.env["tibillet.daily.totals"]._days(self.company_id, self.first, self.last)
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/books/{self.company_id.id}/daily.{kind}"
            f"?first={self.first}&last={self.last}",
            "target": "download",
        }
