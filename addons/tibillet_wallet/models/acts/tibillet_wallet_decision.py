from odoo import fields, models

from ...fields import BigInteger


class TibilletWalletDecision(models.Model):
    """What a manager decided about a wallet without moving anything: written once, kept.

    The reason is free text about a person: it can be erased, the decision stays.
    """

    _name = "tibillet.wallet.decision"
    _description = "Decision about a wallet"
    _order = "id desc"

    wallet_id = fields.Many2one(
        "tibillet.wallet", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("freeze", "Frozen"), ("release", "Released"), ("overdraft", "Overdraft")],
        required=True,
        readonly=True,
    )
    asset_id = fields.Many2one("tibillet.asset", readonly=True, ondelete="restrict")
    floor_minor = BigInteger(readonly=True, aggregator=None)
    floor_text = fields.Char(string="Down to", compute="_compute_floor_text")
    reason = fields.Char(readonly=True)
    key = fields.Char(required=True, readonly=True)

    _key_unique = models.Constraint(
        "unique(create_uid, key)", "This decision was written down already."
    )

    def _compute_floor_text(self):
        for decision_sudo in self.sudo():  # the unit of an asset that another place issued
            asset_sudo = decision_sudo.asset_id
            decision_sudo.floor_text = asset_sudo and asset_sudo._format(decision_sudo.floor_minor)
