from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

STAMPS = {"extinguish_allowed_by_id", "extinguish_allowed_at", "frozen_at", "frozen_by_id"}
MANAGER = "tibillet_wallet.tibillet_wallet_group_manager"


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    extinguish_allowed = fields.Boolean(
        string="Dormant value may be extinguished",
        copy=False,
        help="Off unless your terms say so. Even then: only what was loaded after the holder "
        "accepted these terms, after three delivered notices, and reversible for five years.",
    )
    extinguish_terms_date = fields.Date(
        string="Terms of",
        copy=False,
        help="Date of the terms that say so. Holders accept this very version.",
    )
    extinguish_allowed_by_id = fields.Many2one(
        "res.users", string="Switched on by", readonly=True, copy=False, ondelete="restrict"
    )
    extinguish_allowed_at = fields.Datetime(string="Switched on", readonly=True, copy=False)
    frozen_at = fields.Datetime(
        string="Frozen since",
        readonly=True,
        copy=False,
        help="Nothing can be loaded, spent or refunded: its issuer is being wound up.",
    )
    frozen_by_id = fields.Many2one(
        "res.users", string="Frozen by", readonly=True, copy=False, ondelete="restrict"
    )
    dormant_text = fields.Char(string="Dormant", compute="_compute_dormant")
    dormant_count = fields.Integer(string="Dormant accounts", compute="_compute_dormant")
    dormant_share = fields.Float(string="Share of what is held", compute="_compute_dormant")

    _extinguish_dated = models.Constraint(
        "CHECK (extinguish_allowed IS NOT TRUE OR extinguish_terms_date IS NOT NULL)",
        "Write the date of the terms that say so before you switch this on.",
    )

    _extinguish_backed = models.Constraint(
        "CHECK (extinguish_allowed IS NOT TRUE OR backed)",
        "Only what its issuer owes in money can be extinguished.",
    )

    def _compute_dormant(self):
        """Dormant and held, of all these assets in two queries."""
        sums = self.env["tibillet.dormancy"]._sums(self)
        held = dict(
            self.env.execute_query(
                SQL(
                    "SELECT asset_id, sum(balance_minor)::bigint FROM tibillet_account"
                    " WHERE asset_id = ANY(%s) AND balance_minor IS NOT NULL GROUP BY asset_id",
                    self.ids,
                )
            )
        )
        for asset in self:
            dormant_minor, count = sums.get(asset.id, (0, 0))
            asset.dormant_text = asset._format(dormant_minor)
            asset.dormant_count = count
            held_minor = held.get(asset.id) or 0
            asset.dormant_share = dormant_minor / held_minor if held_minor > 0 else 0.0

    def _dormant_minor(self):
        """Sum of the dormant balances, a part of what is held, in minor units (contract 3)."""
        self.ensure_one()
        return self.env["tibillet.dormancy"]._sums(self).get(self.id, (0, 0))[0]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._stamped(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._stamped(vals)
        switched_on = vals.get("extinguish_allowed") and self.filtered(
            lambda asset: not asset.extinguish_allowed
        )
        done = super().write(vals)
        if switched_on:
            super(TibilletAsset, switched_on).write(
                {
                    "extinguish_allowed_by_id": self.env.uid,
                    "extinguish_allowed_at": self._database_now(),
                }
            )
        return done

    def _stamped(self, vals):
        """Who switched something on, and when, is written by the act alone."""
        if self.env.su:
            return vals
        kept = {name: value for name, value in vals.items() if name not in STAMPS}
        if kept.get("extinguish_allowed") and not self:
            # A new asset has no terms that anybody accepted: switched on later, by hand.
            raise ValidationError(
                self.env._("Create the asset first, then switch its extinction on.")
            )
        return kept

    @api.model
    def _database_now(self):
        [(now,)] = self.env.execute_query(SQL("SELECT tibillet_now()"))
        return now.replace(microsecond=0)

    def _check_issuing_manager(self):
        """:raises AccessError: unless the user is a manager of the issuing company"""
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of its issuer does this."))

    def action_freeze(self):
        """The issuer is being wound up: nothing moves any more, its holders are told.

        What was on hold is still captured: that sale took place. Other assets go on.
        """
        self._check_issuing_manager()
        self.env["tibillet.ledger"]._authorize("freeze")
        fresh = self.filtered(lambda asset: not asset.frozen_at)
        fresh_sudo = fresh.sudo()  # stamps are written by this act alone
        fresh_sudo.write({"frozen_at": self._database_now(), "frozen_by_id": self.env.uid})
        self.env["tibillet.notice"]._plan_frozen(fresh)
        self.env["tibillet.notice"]._wake_cron()
        return True

    def action_unfreeze(self):
        """Holders may use it again; those who had not been told need not be."""
        self._check_issuing_manager()
        self.env["tibillet.ledger"]._authorize("freeze")
        assets_sudo = self.sudo()  # stamps are written by this act alone
        assets_sudo.write({"frozen_at": False, "frozen_by_id": False})
        self.env["tibillet.notice"]._void_stale()
        return True

    def action_open_dormant(self):
        """The dormant accounts of this asset, those that woke since last night left out."""
        self.ensure_one()
        action = self.env["tibillet.dormancy"].action_open()
        return action | {"domain": [("asset_id", "=", self.id)]}

    def action_claim_list(self):
        """Download who is owed what, to declare it to the liquidator."""
        self.ensure_one()
        self._check_issuing_manager()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/claim-list/{self.id}.pdf",
            "target": "download",
        }
