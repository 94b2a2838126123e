import re
import secrets

from odoo import api, fields, models

UID_BYTES = (4, 7, 10)
NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
OPENED_BY_A_NAME = frozenset({"id", "display_name"})  # a link shows no more than that


class TibilletCard(models.Model):
    """A card, wristband or key ring that opens a wallet.

    The UID is kept whole: 4, 7 or 10 bytes in upper-case hexadecimal.
    """

    _name = "tibillet.card"
    _description = "Card"
    _inherit = ["mail.thread"]
    _rec_name = "number"
    _order = "id desc"

    uid = fields.Char(string="Chip", copy=False, help="4, 7 or 10 bytes in hexadecimal.")
    number = fields.Char(
        required=True,
        copy=False,
        default=lambda self: self._new_number(),
        help="Printed on the card.",
    )
    token = fields.Char(
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: secrets.token_urlsafe(16),
        groups="tibillet_wallet.tibillet_wallet_group_manager",
        help="Secret part of the QR's address.",
    )
    batch_id = fields.Many2one("tibillet.card.batch", index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="The place that hands the card out.",
    )
    state = fields.Selection(
        [
            ("blank", "Blank"),
            ("anonymous", "Anonymous"),
            ("claimed", "Claimed"),
            ("lost", "Lost"),
            ("blocked", "Blocked"),
            ("replaced", "Replaced"),
            ("retired", "Retired"),
        ],
        required=True,
        default="blank",
        index=True,
    )
    grade = fields.Selection(
        [("uid", "Chip number (can be cloned)"), ("sun", "Signed chip")],
        required=True,
        default="uid",
    )
    wallet_id = fields.Many2one(
        "tibillet.wallet", required=True, readonly=True, copy=False, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="wallet_id.partner_id", string="Holder")

    account_ids = fields.One2many(related="wallet_id.account_ids")
    operation_ids = fields.One2many("tibillet.operation", "card_id", readonly=True)

    _uid_unique = models.Constraint("unique(uid)", "This chip belongs to a card already.")
    _number_unique = models.Constraint(
        "unique(number)", "This number is printed on a card already."
    )
    _token_unique = models.Constraint("unique(token)", "This QR belongs to a card already.")
    _uid_format = models.Constraint(
        "CHECK (uid ~ '^([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$')",
        "A chip number has 4, 7 or 10 bytes in hexadecimal.",
    )

    @api.model
    def _new_number(self):
        """A random printed number that no spreadsheet takes for a figure."""
        return "".join(secrets.choice(NUMBER_ALPHABET) for _digit in range(8))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        without = [vals for vals in vals_list if not vals.get("wallet_id")]
        wallets_sudo = self.env["tibillet.wallet"].sudo()  # a card always opens one
        wallets_sudo = wallets_sudo.create(
            [
                {"kind": "card", "company_id": vals.get("company_id", self.env.company.id)}
                for vals in without
            ]
        )
        for vals, wallet_sudo in zip(without, wallets_sudo, strict=True):
            vals["wallet_id"] = wallet_sudo.id
        for vals in vals_list:
            if vals.get("uid"):
                vals["uid"] = self._normal_uid(vals["uid"])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("uid"):
            vals["uid"] = self._normal_uid(vals["uid"])
        return super().write(vals)

    @api.model
    def _normal_uid(self, text):
        """Bytes of a UID as readers write them → upper-case hexadecimal.

        :raises LedgerError: ``invalid`` for anything else than 4, 7 or 10 bytes,
            ``not_our_card`` for a random UID (phones and bank cards, ISO 14443-3: 08…)
        """
        uid = re.sub(r"[\s:.-]", "", text or "").upper()
        refusal = self.env["tibillet.ledger"]._refusal
        if not re.fullmatch(r"[0-9A-F]*", uid) or len(uid) not in [2 * n for n in UID_BYTES]:
            raise refusal("invalid", self.env._("The reader sent no readable card. Tap again."))
        if len(uid) == 8 and uid.startswith("08"):
            raise refusal(
                "not_our_card",
                self.env._(
                    "This is a phone or a bank card, not a card of ours. Tap the card alone."
                ),
            )
        return uid

    @api.model
    def _by_uid(self, uid):
        """The card with this chip, if it can be used.

        :raises LedgerError: ``card_unknown``, ``not_our_card``, ``card_lost``, ``card_blocked``
        """
        normal = self._normal_uid(uid)
        card_sudo = self.sudo().search_fetch(  # exact UID only
            [("uid", "=", normal)], ["state", "number", "wallet_id"], limit=1
        )
        return card_sudo._check_found().sudo(False)

    def _check_found(self):
        """The card that was looked for, if there is one and it can be used.

        :raises LedgerError: ``card_unknown``, ``card_lost``, ``card_blocked``
        """
        if not self:
            raise self.env["tibillet.ledger"]._refusal(
                "card_unknown",
                self.env._("This card is not known here. Nothing was taken from it."),
            )
        self._check_usable()
        return self

    def _check_usable(self):
        """:raises LedgerError: ``card_lost`` or ``card_blocked``"""
        self.ensure_one()
        refusal = self.env["tibillet.ledger"]._refusal
        if self.state == "lost":
            raise refusal(
                "card_lost",
                self.env._("This card was reported lost. Please keep it for its holder."),
            )
        if self.state in ("blocked", "replaced", "retired"):
            raise refusal(
                "card_blocked",
                self.env._("This card is blocked. Nothing was taken from it; ask a manager."),
            )

    def action_report_lost(self):
        """Nothing can be paid with it from now on; its wallet keeps what it holds."""
        self.check_access("write")
        self._report_lost()

    def action_block(self):
        """Nothing can be paid with it until it is unblocked."""
        self.check_access("write")
        self._change_state(
            "blocked",
            self.env._("Blocked by %s.", self.env.user.name),
            ("blank", "anonymous", "claimed"),
        )

    def action_unblock(self):
        """Back to what it was: claimed when it has a holder, else anonymous."""
        self.check_access("write")
        for card in self:
            card._change_state(
                "claimed" if card.partner_id else "anonymous",
                self.env._("Unblocked by %s.", self.env.user.name),
                ("lost", "blocked"),
            )

    def _report_lost(self):
        """A lost card is blocked at once everywhere; the desk may do that too."""
        self._change_state(
            "lost",
            self.env._("Reported lost by %s.", self.env.user.name),
            ("blank", "anonymous", "claimed", "blocked"),
        )

    def _change_state(self, state, note, from_states):
        """Pass to ``state`` and say so; a card that is there already stays as it is.

        :raises LedgerError: ``not_allowed`` from another state than ``from_states``
        """
        for card_sudo in self.sudo():  # the state is written by acts, which check rights first
            if card_sudo.state == state:
                continue
            if card_sudo.state not in from_states:
                raise self.env["tibillet.ledger"]._refusal(
                    "not_allowed",
                    self.env._(
                        "Card %s was replaced, taken back or is in no state for that.",
                        card_sudo.number,
                    ),
                )
            card_sudo.state = state
            card_sudo.message_post(body=note)
