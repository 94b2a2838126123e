"""What left without being paid: lost and offered, by reason, at what it cost."""

from odoo import fields, models
from odoo.tools import SQL


class TibilletGivenAway(models.Model):
    """One row per loss and per offered line: what scrap orders and sales say, nothing else.

    A loss costs what its moves were valued at, an offered line what the sale cost; an offered
    sale that is undone counts against it.
    """

    _name = "tibillet.given.away"
    _description = "Lost and offered"
    _auto = False
    _order = "at desc, id desc"
    _rec_name = "product_id"

    at = fields.Datetime(string="When", readonly=True)
    kind = fields.Selection([("lost", "Lost"), ("offered", "Offered")], readonly=True)
    reason = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", string="Product", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    cost = fields.Monetary(readonly=True, help="What these goods cost the place.")
    price = fields.Monetary(
        string="At the price", readonly=True, help="What offered goods would have been sold at."
    )
    person = fields.Char(string="Cashier", readonly=True)
    note = fields.Char(string="Remark", readonly=True)
    config_id = fields.Many2one("pos.config", string="Till", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._lost(), self._offered())

    def _lost(self):
        return SQL(
            """SELECT 2 * s.id AS id, s.date_done AS at, 'lost' AS kind,
                      COALESCE(tag.name, %(none)s) AS reason,
                      COALESCE(s.tibillet_product_id, s.product_id) AS product_id,
                      COALESCE(NULLIF(s.tibillet_product_qty, 0), s.scrap_qty) AS quantity,
                      COALESCE(moved.value, 0) AS cost, 0.0 AS price,
                      s.tibillet_person AS person, s.tibillet_note AS note,
                      s.tibillet_config_id AS config_id, s.company_id
                 FROM stock_scrap s
            LEFT JOIN LATERAL (SELECT sum(abs(m.value)) AS value FROM stock_move m
                                WHERE m.scrap_id = s.id AND m.state = 'done') moved ON true
            LEFT JOIN LATERAL (SELECT string_agg(COALESCE(t.name->>%(lang)s, t.name->>'en_US'),
                                                 ', ' ORDER BY t.sequence, t.id) AS name
                                 FROM stock_scrap_stock_scrap_reason_tag_rel r
                                 JOIN stock_scrap_reason_tag t
                                   ON t.id = r.stock_scrap_reason_tag_id
                                WHERE r.stock_scrap_id = s.id) tag ON true
                WHERE s.state = 'done'""",
            lang=self.env.lang or "en_US",
            none=self.env._("No reason"),
        )

    def _offered(self):
        return SQL(
            """SELECT 2 * l.id + 1 AS id, o.date_order AS at, 'offered' AS kind,
                      COALESCE(reason.name->>%(lang)s, reason.name->>'en_US', %(none)s) AS reason,
                      l.product_id, l.qty AS quantity, COALESCE(l.total_cost, 0) AS cost,
                      l.price_unit * l.qty AS price,
                      COALESCE(employee.name, partner.name) AS person, NULL AS note,
                      s.config_id, o.company_id
                 FROM pos_order_line l
                 JOIN pos_order o ON o.id = l.order_id AND o.state IN ('paid', 'done')
                 JOIN pos_session s ON s.id = o.session_id
            LEFT JOIN pos_order_line origin ON origin.id = l.refunded_orderline_id
            LEFT JOIN tibillet_offer_reason reason ON reason.id = COALESCE(
                          l.tibillet_offer_reason_id, origin.tibillet_offer_reason_id)
            LEFT JOIN hr_employee employee ON employee.id = o.employee_id
            LEFT JOIN res_users u ON u.id = o.user_id
            LEFT JOIN res_partner partner ON partner.id = u.partner_id
                WHERE l.discount >= 100 AND l.price_unit > 0 AND l.qty <> 0""",
            lang=self.env.lang or "en_US",
            none=self.env._("No reason"),
        )
