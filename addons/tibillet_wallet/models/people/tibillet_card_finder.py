from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime

from ...exceptions import LedgerError
from .tibillet_card import MANAGER

SHOWN_MOVEMENTS = 100
WRITTEN_BY_FINDING = {"card_id", "movements_shown"}


class TibilletCardFind(models.TransientModel):
    """Find a card by what stands on it, and see what a desk may see of it.

    The row belongs to who made it (record rule). Which card it is gets written by the find
    alone: with the number of somebody else's row nothing is learnt.
    """

    _name = "tibillet.card.find"
    _description = "Find a card"
    _rec_name = "id"

    text = fields.Char(string="Number, chip or QR")
    refused = fields.Char()
    card_id = fields.Many2one("tibillet.card", readonly=True, ondelete="cascade")
    movements_shown = fields.Boolean(readonly=True)
    reason = fields.Char(string="Why you look")

    number = fields.Char(compute="_compute_shown")
    state = fields.Char(compute="_compute_shown")
    look = fields.Char(compute="_compute_shown")
    state_text = fields.Char(compute="_compute_shown")
    place = fields.Char(string="Handed out by", compute="_compute_shown")
    own = fields.Boolean(compute="_compute_shown")
    has_code = fields.Boolean(compute="_compute_shown")
    may_see_movements = fields.Boolean(compute="_compute_shown")
    balances = fields.Html(compute="_compute_shown", sanitize=False)
    movements = fields.Html(compute="_compute_movements", sanitize=False)

    @api.depends("card_id")
    @api.depends_context("company", "uid")
    def _compute_shown(self):
        manager = self.env.user.has_group(MANAGER)
        for find in self:
            card_sudo = find.sudo().card_id  # a desk reads no cards: this is what it may see
            if not card_sudo:
                find.update(dict.fromkeys(_SHOWN, False))
                continue
            card = card_sudo.with_env(self.env)
            find.number = card_sudo.number
            find.state = card_sudo.state
            find.look = card_sudo._look()
            find.state_text = card_sudo._state_sentence()
            find.place = card_sudo.company_id.name
            find.own = card._is_own()
            find.has_code = bool(card_sudo.claim_hash)
            find.may_see_movements = manager
            find.balances = card_sudo._balances_html(self.env.company)

    @api.depends("card_id", "movements_shown")
    def _compute_movements(self):
        for find in self:
            shown = find.movements_shown and self.env.user.has_group(MANAGER)
            find_sudo = find.sudo()  # after the reason was noted
            wallet_sudo = find_sudo.card_id.wallet_id
            find.movements = find._movements_html(wallet_sudo) if shown else False

    def _movements_html(self, wallet_sudo):
        rows = wallet_sudo._movements(limit=SHOWN_MOVEMENTS)
        if not rows:
            return Markup("<p>%s</p>") % self.env._("Nothing has moved yet.")
        lines = Markup("").join(
            Markup(
                "<tr><td class='text-nowrap'>%s</td><td>%s<div class='small text-muted'>%s</div>"
                "</td><td class='text-end text-nowrap' "
                "style='font-variant-numeric:tabular-nums'>%s</td></tr>"
            )
            % (
                format_datetime(self.env, row["at"], dt_format="short"),
                row["what"] if row["state"] == "posted" else f"{row['what']} ({row['state_name']})",
                " · ".join(filter(None, [row["place"], row["asset_name"], *row["goods"]])),
                row["amount"],
            )
            for row in rows
            if row["amount_minor"]  # a merge of two wallets that are one by now moves nothing
        )
        return Markup("<table class='table table-sm mb-0'><tbody>%s</tbody></table>") % lines

    # -- only by finding ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written_by_finding(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_written_by_finding(vals)
        return super().write(vals)

    def _check_written_by_finding(self, vals):
        if not self.env.su and any(vals.get(name) for name in WRITTEN_BY_FINDING):
            raise AccessError(self.env._("A card is found by what stands on it, no other way."))

    def _card(self):
        """The card that this row found, for an act.

        :raises LedgerError: ``invalid`` before anything was found
        """
        self.ensure_one()
        self.check_access("read")
        card_sudo = self.sudo().card_id  # found by its number
        if not card_sudo:
            raise self.env["tibillet.ledger"]._refusal(
                "invalid", self.env._("Find the card first.")
            )
        return card_sudo.with_env(self.env)

    # -- buttons --------------------------------------------------------------------------------

    def action_find(self):
        """Look for the card; show it, or the sentence that says why not."""
        self.ensure_one()
        self.check_access("write")
        find_sudo = self.sudo()  # the card is written by this act alone
        values = {"movements_shown": False, "card_id": False, "refused": False, "text": False}
        try:
            with self.env.cr.savepoint():
                values["card_id"] = self.env["tibillet.card"]._find(self.text).id
        except LedgerError as refusal:
            values |= {"refused": str(refusal), "text": self.text}
        find_sudo.write(values)
        return self._show()

    def action_show_movements(self):
        """Show what the card did, everywhere: for a manager, with a reason that is kept."""
        self.ensure_one()
        self.check_access("write")
        card = self._card()
        ledger = self.env["tibillet.ledger"]
        if not self.env.user.has_group(MANAGER):
            raise ledger._refusal(
                "not_allowed", self.env._("Only a manager looks at what a card did.")
            )
        find_sudo = self.sudo()  # what is shown is written by this act alone
        reason = (self.reason or "").strip()
        if len(reason) < 5:
            find_sudo.refused = self.env._(
                "Write why you look, in a few words: the holder may ask, and it is kept."
            )
            return self._show()
        card_sudo = card.sudo()  # found by its number; the look is noted before it is shown
        card_sudo.wallet_id.with_env(self.env)._note_access("moves", reason)
        find_sudo.write({"movements_shown": True, "refused": False, "reason": False})
        return self._show()

    def action_report_lost(self):
        """Refused everywhere at once; the desk may do it for any card that it takes."""
        card = self._card()
        if not card._is_own() and not card._known_at(self.env.company):
            card._check_own()
        card._report_lost()
        return self._show()

    def action_claim_code(self):
        """Draw the claim code and show it, once."""
        return self._card()._show_claim_code()

    def action_claim(self):
        """Put the card in somebody's name."""
        return self._open("tibillet.act.claim", self.env._("Put the card in a name"))

    def action_replace(self):
        """Hand out another card for this one."""
        return self._open("tibillet.act.replace", self.env._("Replace the card"))

    def action_recycle(self):
        """Take the card back, blank."""
        return self._open("tibillet.act.recycle", self.env._("Take the card back"))

    def _open(self, model, name):
        self._card()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_find_id": self.id},
        }

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find a card"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


_SHOWN = (
    "number",
    "state",
    "look",
    "state_text",
    "place",
    "own",
    "has_code",
    "may_see_movements",
    "balances",
)


class TibilletCardCode(models.TransientModel):
    """A claim code on a screen, once: the form is opened with it and never saved."""

    _name = "tibillet.card.code"
    _description = "Claim code"
    _rec_name = "number"

    number = fields.Char(string="Card", readonly=True)
    code = fields.Char(readonly=True, store=False)
