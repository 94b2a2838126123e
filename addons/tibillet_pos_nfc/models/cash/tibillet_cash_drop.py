"""Money that leaves the drawer for the safe, in a bag with a number and two names."""

from odoo import fields, models
from odoo.exceptions import AccessError


class TibilletCashDrop(models.Model):
    _name = "tibillet.cash.drop"
    _description = "Bag of cash in the safe"
    _order = "dropped_at desc, id desc"
    _rec_name = "bag"

    session_id = fields.Many2one("pos.session", required=True, ondelete="restrict", index=True)
    shift_id = fields.Many2one("tibillet.cash.shift", required=True, ondelete="restrict")
    config_id = fields.Many2one("pos.config", string="Till", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    dropped_at = fields.Datetime(required=True, default=fields.Datetime.now)
    bag = fields.Char(string="Bag number", required=True)
    amount = fields.Monetary(required=True)
    person = fields.Char(string="Put in by", required=True)
    witness = fields.Char(string="Seen by", required=True)
    device_id = fields.Many2one("tibillet.device", string="Done on", ondelete="restrict")
    key = fields.Char(required=True, help="The till's key of the drop, repeated in retries.")
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", string="Cash move", required=True, ondelete="restrict"
    )
    remittance_id = fields.Many2one(
        "tibillet.cash.remittance", string="Bank remittance", ondelete="restrict", index=True
    )

    _key_uniq = models.Constraint("unique(session_id, key)", "This drop was already noted.")
    _bag_uniq = models.UniqueIndex(
        "(company_id, bag) WHERE remittance_id IS NULL",
        "A bag with this number is already in the safe.",
    )
    _amount_positive = models.Constraint("CHECK(amount > 0)", "A bag holds something.")

    def _tibillet_slip(self):
        """What is printed on the slip that goes into the bag."""
        self.ensure_one()
        return {
            "bag": self.bag,
            "amount": self.amount,
            "person": self.person,
            "witness": self.witness,
            "at": fields.Datetime.to_string(self.dropped_at),
            "till": self.config_id.name,
        }

    def write(self, vals):
        if not self.env.su or set(vals) - {"remittance_id"}:
            raise AccessError(self.env._("A bag in the safe never changes. Remit it to the bank."))
        return super().write(vals)

    def unlink(self):
        raise AccessError(self.env._("A bag in the safe never changes. Remit it to the bank."))
