"""The keg that is on tap: when it was opened, what is left in it, what foam and dregs cost."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class TibilletKeg(models.Model):
    """Opened and emptied by a touch on the till. What was poured is read from the stock."""

    _name = "tibillet.keg"
    _description = "Keg on tap"
    _order = "opened_at desc, id desc"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product", string="Keg", required=True, ondelete="restrict", index=True
    )
    location_id = fields.Many2one("stock.location", string="Stock", required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    size = fields.Float(string="Held when full", required=True, digits="Product Unit")
    opened_at = fields.Datetime(required=True, default=fields.Datetime.now)
    person = fields.Char(string="Opened by", required=True)
    closed_at = fields.Datetime(string="Emptied")
    closed_by = fields.Char(string="Emptied by")
    # Times are kept to the second and a second has many sales: the last move says it exactly.
    opened_after = fields.Integer(
        string="Move before it", required=True, aggregator=None, help="The move before it."
    )
    closed_after = fields.Integer(
        string="Last move of it", aggregator=None, help="The last move of its time."
    )
    key = fields.Char(required=True, help="The till's key of the touch, repeated in retries.")
    poured = fields.Float(
        digits="Product Unit",
        compute="_compute_poured",
        help="Sold from it, lost and drunk, less what was given back.",
    )
    left = fields.Float(digits="Product Unit", compute="_compute_poured")
    lost_id = fields.Many2one("stock.scrap", string="Foam and dregs", readonly=True)
    lost = fields.Float(string="Lost at the end", readonly=True, digits="Product Unit")

    _one_open = models.UniqueIndex(
        "(product_id, location_id) WHERE closed_at IS NULL", "This keg is on tap already."
    )
    _key_uniq = models.Constraint("unique(company_id, key)", "This keg was already opened.")

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Kegs are opened and emptied on a till."))
        return super().write(vals)

    def _compute_poured(self):
        self.env.flush_all()
        moved = dict(
            self.env.execute_query(
                SQL(
                    """SELECT k.id,
                              COALESCE((SELECT sum(CASE WHEN l.location_id = k.location_id
                                                   THEN l.quantity_product_uom
                                                   ELSE -l.quantity_product_uom END)
                                 FROM stock_move_line l
                                 JOIN stock_move m ON m.id = l.move_id
                                 JOIN stock_location o ON o.id = CASE
                                          WHEN l.location_id = k.location_id
                                          THEN l.location_dest_id ELSE l.location_id END
                                WHERE l.product_id = k.product_id AND m.state = 'done'
                                  AND k.location_id IN (l.location_id, l.location_dest_id)
                                  AND l.id > k.opened_after
                                  AND (k.closed_at IS NULL OR l.id <= k.closed_after)
                                  AND NOT COALESCE(m.is_inventory, false)
                                  AND (k.lost_id IS NULL OR m.scrap_id IS DISTINCT FROM k.lost_id)
                                  AND o.usage IN ('customer', 'inventory', 'production')), 0)
                         FROM tibillet_keg k WHERE k.id = ANY(%s)""",
                    self.ids,
                )
            )
        )
        waiting = self._waiting()
        for keg in self:
            keg.poured = moved.get(keg.id, 0) + waiting.get(keg.id, 0)
            keg.left = keg.size - keg.poured

    def _waiting(self):
        """Sold by tills whose stock moves at their closing only."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT k.id, sum(l.qty * l.tibillet_keg_part)
                         FROM tibillet_keg k
                         JOIN pos_order_line l ON l.tibillet_keg_id = k.product_id
                         JOIN pos_order o ON o.id = l.order_id AND o.state IN ('paid', 'done')
                         JOIN pos_session s ON s.id = o.session_id
                          AND s.update_stock_at_closing AND s.state <> 'closed'
                         JOIN pos_config c ON c.id = s.config_id
                         JOIN stock_picking_type t ON t.id = c.picking_type_id
                          AND t.default_location_src_id = k.location_id
                        WHERE k.id = ANY(%s) AND k.closed_at IS NULL
                          AND o.date_order >= k.opened_at
                          AND NOT EXISTS (SELECT 1 FROM stock_picking p
                                           WHERE p.pos_order_id = o.id)
                     GROUP BY k.id""",
                    self.ids,
                )
            )
        )

    @api.model
    def _on_tap(self, location, product=None):
        domain = [("location_id", "=", location.id), ("closed_at", "=", False)]
        if product:
            domain.append(("product_id", "=", product.id))
        on_tap_sudo = self.sudo().search(domain)  # closed to cashiers
        on_tap_sudo.invalidate_recordset(["poured", "left"])
        return on_tap_sudo

    @api.model
    def _open(self, session, product, *, key, person):
        return self.sudo().create(
            {
                "product_id": product.id,
                "location_id": session.config_id._tibillet_stock_location().id,
                "company_id": session.company_id.id,
                "size": product.tibillet_keg_size,
                "opened_after": self._last_move(),
                "person": person,
                "key": key,
            }
        )

    @api.model
    def _last_move(self):
        self.env.flush_all()
        [(last,)] = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM stock_move_line"))
        return last

    def _empty(self, session, *, person, lose):
        """Take a keg off its tap.

        :param lose: whether what should be left in it is gone: foam and dregs, a loss of its own;
            else the keg was put aside with its rest
        """
        self.ensure_one()
        left = self.uom_id.round(self.left)
        if lose and self.uom_id.compare(left, 0) > 0:
            self.lost_id = self.env["tibillet.stock"]._scrap(
                session,
                self.product_id,
                left,
                reason=self.env.ref("tibillet_pos_nfc.scrap_reason_dregs"),
                person=person,
                key=f"{self.key}-end",
            )
            self.lost = left
        self.write(
            {
                "closed_at": fields.Datetime.now(),
                "closed_by": person,
                "closed_after": self._last_move(),
            }
        )
        self.flush_recordset()  # before the next one: one of a kind is on tap

    def _row(self):
        """As the till shows it."""
        self.ensure_one()
        return {
            "id": self.id,
            "product_id": self.product_id.id,
            "name": self.product_id.display_name,
            "unit": self.uom_id.name,
            "size": self.size,
            "left": self.uom_id.round(self.left),
            "opened_at": fields.Datetime.to_string(self.opened_at),
            "person": self.person,
        }
