"""What the till is told of a card and of an operation: amounts by asset, never a name."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError
from odoo.addons.tibillet_wallet.ledger_rules import SPENDABLE

from .till_tap import fill


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _to_minor(self, amount, currency):
        return round(amount * 10**currency.decimal_places)

    @api.model
    def _paid_amount(self, operations):
        """What these operations of one key pay of an order, in minor units.

        Once posted, what moved; before, or when the hold ran out, what was set aside: the
        sale that follows is recorded for that amount, late or short.
        """
        return sum(line.amount_minor for line in self._lines_of(operations) if not line.earned)

    @api.model
    def _lines_of(self, operations):
        """What these operations moved, or hold until they do."""
        posted = operations.filtered(lambda op: op.state == "posted")
        return posted.transfer_ids or operations.hold_line_ids

    @api.model
    def _split(self, operations):
        """The same amounts asset by asset, for the receipt and the closing."""
        return self._describe_lines(
            self._lines_of(operations).filtered(lambda line: not line.earned)
        )

    @api.model
    def _describe_lines(self, lines):
        """Lines of operations summed by asset, in the order in which they stand."""
        return self._describe_amounts(
            [
                (asset.id, sum(rows.mapped("amount_minor")))
                for asset, rows in lines.sorted("id").grouped("asset_id").items()
            ]
        )

    @api.model
    def _describe_amounts(self, amounts):
        """Pairs of an asset's id and an amount, described; reads these assets once."""
        assets_sudo = self.env["tibillet.asset"].sudo()  # names of what a card holds
        assets_sudo = assets_sudo.browse(asset_id for asset_id, _amount_minor in amounts)
        assets_sudo.fetch(
            ["code", "name", "kind", "unit_label", "scale", "unit_value_minor", "vat_nature"]
        )
        return [
            self._describe_amount(asset_sudo, amount_minor)
            for asset_sudo, (_asset_id, amount_minor) in zip(assets_sudo, amounts, strict=True)
        ]

    @api.model
    def _describe_amount(self, asset, amount_minor):
        return {
            "asset": asset.code,
            "name": asset.name,
            "unit": asset.unit_label or "",
            "scale": asset.scale,
            "amount_minor": amount_minor,
            "value_minor": amount_minor * (asset.unit_value_minor or 0) // 10**asset.scale,
        }

    @api.model
    def _describe_taken(self, taken, card, company):
        """The answer to a tap: what was taken, what is missing, what is left."""
        if taken._name == "tibillet.refund":
            answer = {
                "code": "back",
                "amount_minor": -taken.amount_minor,
                "missing_minor": 0,
                "split": taken._split(),
                "expires_at": False,
            }
            points = taken._describe_points()
            answer |= {"earned": points} if points else {}
            message = self.env._("Given back to the card once the order is done.")
        else:
            told = self._told(taken, card.wallet_id, company)
            answer = self._describe_held(told, card)
            message = self.env._("Paid.")
            of_card = self._describe_card_with(card, company, told["left"] or [], told["noticed"])
            return {"ok": True, "message": message} | answer | of_card
        return {"ok": True, "message": message} | answer | self._describe_card(card, company)

    @api.model
    def _told(self, taken, wallet, company):
        """A hold's lines and what is left in the wallet, in one query: a customer waits."""
        [(told,)] = self.env.execute_query(
            SQL(
                "SELECT tibillet_till_told(%s, %s, %s, %s, %s)",
                taken.id,
                wallet.id,
                company.id,
                [*SPENDABLE],
                self.env.lang or "en_US",
            )
        )
        assets_sudo = self.env["tibillet.asset"].sudo()  # names of what a card holds
        for asset_id, values in (told["assets"] or {}).items():
            fill(assets_sudo.browse(int(asset_id)), values)
        return told

    @api.model
    def _describe_held(self, told, card):
        """What a hold took, asset by asset."""
        state, lines = told["state"], told["lines"] or []
        if state in ("voided", "expired"):
            raise LedgerError(
                "hold_expired" if state == "expired" else "hold_resolved",
                self.env._("This payment is over. Tap the card again."),
            )
        paid = [line[:2] for line in lines if not line[2]]
        earned = [line[:2] for line in lines if line[2]]
        paid_minor = sum(amount_minor for _asset_id, amount_minor in paid)
        return {
            "code": "held",
            "amount_minor": paid_minor,
            "missing_minor": max(0, told["requested_minor"] - paid_minor),
            "split": self._describe_amounts(paid),
            "expires_at": told["expires_at"] or "",
        } | ({"earned": self._describe_earned(earned, card.wallet_id)} if earned else {})

    @api.model
    def _describe_card(self, card, company):
        """Card, balances that this company takes, and rights: no name, no address."""
        left = [
            (purse.asset_id, purse.available_minor)
            for purse in self._ledger()._purses(card.wallet_id, company)
            if purse.accepted and not purse.other_currency
        ]
        return self._describe_card_with(card, company, left, True)

    @api.model
    def _describe_card_with(self, card, company, amounts, noticed):
        """The same with its balances, pairs of an asset's id and an amount, read already.

        :param noticed: whether the wallet may have a notice to show
        """
        left = self._describe_amounts(amounts)
        rights = card.partner_id._tibillet_rights(company) if card.partner_id else []
        return {
            "card": {
                "id": card.id,
                "tail": (card.number or "")[-4:],
                "state": card.state,
                "named": bool(card.partner_id),
            },
            "left": left,
            "left_minor": sum(amount["value_minor"] for amount in left),
            "rights": sorted(rights),
            # A key and a sentence without figure; the face that shows it reports it as shown.
            "notice": (noticed and self.env["tibillet.notice"]._reminder(card.wallet_id)) or False,
        }

    @api.model
    def _demo_cards(self, company):
        """A dozen cards with and without money, for the reader on screen."""
        cards_sudo = (
            self.env["tibillet.card"].sudo().search([("uid", "!=", False)], order="id", limit=12)
        )
        return [
            {
                "uid": card.uid,
                "name": f"{card.number} {card.partner_id.name or ''}".strip(),
                "left_minor": self._describe_card(card, company)["left_minor"],
            }
            for card in cards_sudo
        ]
