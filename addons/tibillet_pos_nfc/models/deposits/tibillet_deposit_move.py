from odoo import fields, models
from odoo.tools import SQL


class TibilletDepositMove(models.Model):
    """Cups sold and brought back, one row per order line: what the orders say, nothing else.

    An amount is what the place owes for cups: positive when a deposit was taken. With another
    owner of the cups it is due to that owner; negative, due from it.
    """

    _name = "tibillet.deposit.move"
    _description = "Cups out and back"
    _auto = False
    _order = "at desc, id desc"
    _rec_name = "product_id"

    at = fields.Datetime(string="When", readonly=True)
    company_id = fields.Many2one("res.company", string="Place", readonly=True)
    config_id = fields.Many2one("pos.config", string="Till", readonly=True)
    session_id = fields.Many2one("pos.session", string="Session", readonly=True)
    order_id = fields.Many2one("pos.order", string="Order", readonly=True)
    product_id = fields.Many2one("product.product", string="Cup", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", string="Article", readonly=True)
    owner_id = fields.Many2one("res.partner", string="Another owner", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    qty_out = fields.Float(string="Sold", readonly=True)
    qty_back = fields.Float(string="Brought back", readonly=True)
    amount = fields.Monetary(string="Deposits kept", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT l.id, o.date_order AS at, o.company_id, s.config_id, o.session_id,
                      l.order_id, l.product_id, p.product_tmpl_id,
                      l.tibillet_deposit_owner_id AS owner_id,
                      GREATEST(l.qty, 0) AS qty_out, GREATEST(-l.qty, 0) AS qty_back,
                      l.price_subtotal_incl AS amount
                 FROM pos_order_line l
                 JOIN pos_order o ON o.id = l.order_id
                 JOIN pos_session s ON s.id = o.session_id
                 JOIN product_product p ON p.id = l.product_id
                 JOIN product_template t ON t.id = p.product_tmpl_id
                WHERE t.tibillet_deposit AND o.state IN ('paid', 'done')"""
        )
