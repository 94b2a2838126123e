from odoo import api, models


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _hold(self, session, device, seq, key, uid, lines, up_to, facts=None):
        """Say what of each line is a gift of this place: the receipt's tax is on the rest."""
        answer = super()._hold(session, device, seq, key, uid, lines, up_to, facts)
        if answer.get("ok") and any(part.get("gift") for part in answer.get("split", ())):
            answer["gifts"], taxed = self._describe_gifts(session, device, key, lines, facts)
            if taxed:
                answer["taxed"] = taxed
        return answer

    @api.model
    def _describe_amount(self, asset, amount_minor):
        gift = {"gift": True} if asset.kind == "gift" or asset.vat_nature == "single" else {}
        return super()._describe_amount(asset, amount_minor) | gift

    @api.model
    def _describe_gifts(self, session, device, key, lines, facts):
        """What of each line this order's cards bring as gifts or taxed before, or take back.

        :returns: ``[[position, amount_minor]…]`` of the lines as they were sent, for both and for
            what was taxed before
        """
        refund_sudo = self.env["tibillet.refund"]._of(device, key)
        if refund_sudo:
            sign, gifts, singles = -1, refund_sudo._gifts(), refund_sudo._singles()
        else:
            operations_sudo = self._operation(device, key)
            for other in self._check_how(facts)["also"]:
                operations_sudo |= self._operation(device, other)
            sign, gifts = 1, self._ledger()._gifts_spent(operations_sudo)
            singles = self._ledger()._singles_spent(operations_sudo)
        products_sudo = self.env["product.product"].sudo()  # not every cashier reads all
        basket = [
            (
                products_sudo.browse(line.get("product_id") or ()),
                sign * line["amount_minor"],
                line.get("asset_id"),
            )
            for line in lines
        ]
        taxed = [0] * len(basket)
        for single in singles:
            first = self._given_of(lines, taxed, "tibillet_taxed") if sign < 0 else ()
            rest = self._lowered(basket, taxed)
            shares, _left = self._ledger()._single_shares([single], rest, session.company_id, first)
            taxed = [before + share for before, share in zip(taxed, shares, strict=True)]
        first = self._given_of(lines, taxed) if sign < 0 else ()
        shares, _left = self._ledger()._gift_discounts(gifts, self._lowered(basket, taxed), first)
        both = [share + part for share, part in zip(shares, taxed, strict=True)]
        return tuple(
            [[at, sign * share] for at, share in enumerate(some) if share] for some in (both, taxed)
        )

    @api.model
    def _lowered(self, basket, taken):
        """The basket without what has its place already; what is below zero stays."""
        return [
            (product, amount_minor - part if amount_minor > 0 else amount_minor, asset)
            for (product, amount_minor, asset), part in zip(basket, taken, strict=True)
        ]

    @api.model
    def _given_of(self, lines, taken, kind="tibillet_gift"):
        """What had been given of the lines that these take back, and did not go back yet."""
        lines_sudo = self.env["pos.order.line"].sudo()  # of another cashier's sale
        given = []
        for line, part in zip(lines, taken, strict=True):
            before = lines_sudo.browse(line.get("refunded_line_id") or ()).exists()
            rest = before._tibillet_given_left(kind)
            most = max(0, -line["amount_minor"] - part)
            given.append(max(0, min(most, self._to_minor(rest, before.currency_id))))
        return given
