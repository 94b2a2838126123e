"""The VAT of whole sessions, to the cent of what their closings and invoices book."""

from odoo import api, models


class TibilletFigures(models.AbstractModel):
    _inherit = "tibillet.figures"

    @api.model
    def _vat_row(self, groups, taxes):
        """The row of these taxes, made on first need."""
        return groups.setdefault(
            tuple(taxes.ids),
            {
                "name": " + ".join(taxes.mapped("name")),
                "rate": sum(tax.amount for tax in taxes if tax.amount_type == "percent"),
                "net": 0,
                "vat": 0,
                "gross": 0,
            },
        )

    @api.model
    def _vat_sorted(self, groups):
        return sorted(groups.values(), key=lambda row: (row["rate"], row["name"]))

    @api.model
    def _vat_as_booked(self, sessions, natures):
        """Net, VAT and gross by tax, reckoned as the entries reckon them.

        Odoo rounds the tax of an order as a whole (or each line, as the company chose); the sum
        of lines that were rounded one by one, as a till keeps them, differs by cents.

        :param natures: product ids that are money moved and no turnover
        """
        orders_sudo = self.env["pos.order"].sudo()  # of every till, for the total
        orders_sudo = orders_sudo.search(
            [("session_id", "in", sessions.ids), ("state", "in", ("paid", "done", "invoiced"))],
            order="id",
        )
        archive_sudo = self.env["tibillet.till.archive"].sudo()
        groups, known = {}, {}
        for order in orders_sudo:
            factor = 10**order.currency_id.decimal_places
            parts = archive_sudo._parts(order, known)
            for line in order.lines:
                if line.product_id.id in natures:
                    continue
                row = self._vat_row(groups, line.tax_ids_after_fiscal_position)
                for name, amount in self._booked_amounts(line, parts[line.id]).items():
                    row[name] += round(amount * factor)
        return self._vat_sorted(groups)

    @api.model
    def _booked_amounts(self, line, parts):
        """What is sold by this line: a gift of the place and what was taxed before taken off.

        :param parts: ``[(rate, base, VAT, other taxes)]`` of the line, its own rate first
        """
        rate = parts[0][0]
        if not rate:
            net = line.price_subtotal - line.tibillet_gift_net
            gross = line.price_subtotal_incl - line.tibillet_gift
        else:
            own = [part for part in parts if part[0] == rate]  # the others were taxed before
            net = sum(part[1] for part in own)
            gross = net + sum(part[2] + part[3] for part in own)
        return {"net": net, "vat": gross - net, "gross": gross}
