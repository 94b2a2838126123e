from odoo import fields, models
from odoo.exceptions import AccessError

TILL_FIELDS = {"tibillet_config_id", "tibillet_session_id", "tibillet_person", "tibillet_key"}


class StockScrap(models.Model):
    """A loss that was touched on a till: no money, a move, a reason and a name."""

    _inherit = "stock.scrap"

    tibillet_config_id = fields.Many2one(
        "pos.config", string="Till", readonly=True, copy=False, ondelete="set null"
    )
    tibillet_session_id = fields.Many2one(
        "pos.session",
        string="Session",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    tibillet_person = fields.Char(string="Cashier", readonly=True, copy=False)
    tibillet_note = fields.Char(string="Remark", copy=False)
    tibillet_key = fields.Char(string="The till's key", readonly=True, copy=False)
    tibillet_product_id = fields.Many2one(
        "product.product",
        string="Lost article",
        readonly=True,
        copy=False,
        help="The glass that was lost, where its keg is what moved.",
    )
    tibillet_product_qty = fields.Float(
        string="Lost", readonly=True, copy=False, digits="Product Unit", aggregator=None
    )

    _tibillet_key_uniq = models.UniqueIndex(
        "(company_id, tibillet_key) WHERE tibillet_key IS NOT NULL",
        "This loss was already noted.",
    )

    def write(self, vals):
        if TILL_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Who noted a loss on a till never changes."))
        return super().write(vals)
