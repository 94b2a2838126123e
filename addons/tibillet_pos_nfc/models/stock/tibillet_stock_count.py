"""The stock counted at closing, on a phone: by several people, in several goes, applied once."""

from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MAX_COUNTED = 1_000_000
MAX_REASON = 200


class TibilletStockCount(models.Model):
    """One count of one stock. It stays open until a manager applies or drops it.

    What should be there is read when a product is counted, and shown only afterwards; what is
    sold between the count and its application therefore changes nothing of the difference.
    """

    _name = "tibillet.stock.count"
    _description = "Count of the stock"
    _order = "started_at desc, id desc"
    _rec_name = "started_at"

    location_id = fields.Many2one("stock.location", string="Stock", required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("open", "Being counted"), ("applied", "Applied"), ("dropped", "Dropped")],
        default="open",
        required=True,
    )
    started_at = fields.Datetime(required=True, default=fields.Datetime.now)
    started_by = fields.Char(required=True)
    ended_at = fields.Datetime()
    ended_by = fields.Char(string="Applied by")
    reason = fields.Char()
    line_ids = fields.One2many("tibillet.stock.count.line", "count_id", string="Counted")
    value = fields.Monetary(compute="_compute_value", string="Difference at cost")

    _one_open = models.UniqueIndex(
        "(location_id) WHERE state = 'open'", "This stock is being counted already."
    )

    @api.depends("line_ids.value")
    def _compute_value(self):
        for count in self:
            count.value = sum(count.line_ids.mapped("value"))

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A count is made and applied on its own page."))
        return super().write(vals)

    # -- what the page asks --------------------------------------------------------------

    @api.model
    def tibillet_stock_count(self, config_id=None):
        """Open the count of a till's stock, or go on with the one that is open.

        :param config_id: the till; the first of the company when left out
        :returns: ``{"ok", "count_id", "config_id", "configs", "place", "rows", "may_apply"}``;
            what should be there is in no row
        :raises AccessError: for who sells at no till
        """
        self._check_staff()
        configs = self.env["pos.config"].search([("company_id", "=", self.env.company.id)])
        config = configs.filtered(lambda one: one.id == config_id) or configs[:1]
        location_sudo = config._tibillet_stock_location() if config else None
        if not location_sudo:
            return {"ok": False, "message": self.env._("This place has no till yet: make one.")}
        count_sudo = self._open_at(location_sudo)
        return {
            "ok": True,
            "message": "",
            "count_id": count_sudo.id,
            "config_id": config.id,
            "configs": [{"id": one.id, "name": one.name} for one in configs],
            "place": location_sudo.display_name,
            "started_at": fields.Datetime.to_string(count_sudo.started_at),
            "started_by": count_sudo.started_by,
            "rows": count_sudo._rows(),
            "may_apply": self._is_manager(),
        }

    def tibillet_stock_counted(self, product_id, quantity, version=0, how=None):
        """Note what somebody counted of a product.

        :param quantity: in the product's own unit
        :param version: of the product's line, as the page last saw it; when somebody else has
            counted it since, nothing changes until ``how`` says what the second figure is
        :param how: ``replace`` (the same goods, counted again) or ``add`` (another place)
        :returns: ``{"ok", "message", "row"}``; ``code`` is ``counted_meanwhile`` when it waits
        """
        count_sudo = self._to_count()
        number = isinstance(quantity, (int, float)) and not isinstance(quantity, bool)
        if not number or not isfinite(quantity) or not 0 <= quantity <= MAX_COUNTED:
            raise UserError(self.env._("Write what was counted: 12, 2,5 or 1/2."))
        product_sudo = count_sudo._goods().filtered(lambda one: one.id == product_id)
        if not product_sudo:
            raise UserError(self.env._("This product is not counted here."))
        count_sudo._hold()
        line_sudo = count_sudo.line_ids.filtered(lambda line: line.product_id == product_sudo)
        if line_sudo and line_sudo.version != version and how not in ("replace", "add"):
            return {
                "ok": False,
                "code": "counted_meanwhile",
                "message": self.env._(
                    "%(person)s has counted “%(product)s” meanwhile.",
                    person=line_sudo.person,
                    product=product_sudo.display_name,
                ),
                "row": count_sudo._row(product_sudo, line_sudo),
            }
        line_sudo = count_sudo._note(product_sudo, line_sudo, quantity, how == "add")
        return {"ok": True, "message": "", "row": count_sudo._row(product_sudo, line_sudo)}

    def tibillet_stock_differences(self):
        """What was counted beside what should have been there, once counting is done.

        :returns: ``{"ok", "lines", "uncounted", "value"}``; costs for managers only
        """
        count_sudo = self._to_count()
        left = count_sudo._goods() - count_sudo.line_ids.product_id
        return {
            "ok": True,
            "message": "",
            "lines": [line._difference(self._is_manager()) for line in count_sudo.line_ids],
            "uncounted": left.mapped("display_name"),
            "value": count_sudo.value if self._is_manager() else False,
            "currency_id": count_sudo.currency_id.id,
        }

    def tibillet_stock_apply(self, reason):
        """Put the differences into the stock, as Odoo's own inventory adjustments, once.

        :param reason: kept on the count and on each move
        :raises AccessError: for anyone but a till manager
        """
        count_sudo = self._to_count(manager=True)
        reason = reason.replace("\0", " ") if isinstance(reason, str) else ""
        reason = " ".join(reason.split())[:MAX_REASON]
        if not reason:
            raise UserError(self.env._("Write why the stock is adjusted: it stays on each move."))
        if not count_sudo.line_ids:
            raise UserError(self.env._("Nothing is counted yet."))
        count_sudo._hold()
        changed = count_sudo._apply(reason)
        count_sudo._end("applied", reason)
        return {
            "ok": True,
            "message": self.env._(
                "The stock is adjusted: %(changed)s of %(counted)s products were different.",
                changed=changed,
                counted=len(count_sudo.line_ids),
            ),
        }

    def tibillet_stock_drop(self):
        """Give a count up: nothing of it is applied.

        :raises AccessError: for anyone but a till manager
        """
        count_sudo = self._to_count(manager=True)
        count_sudo._hold()
        count_sudo._end("dropped", False)
        return {"ok": True, "message": self.env._("The count is dropped, the stock unchanged.")}

    # -- who -----------------------------------------------------------------------------

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager")

    @api.model
    def _check_staff(self):
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Who sells at a till counts its stock."))

    def _to_count(self, manager=False):
        """This count, open, of the reader's company, as superuser: cashiers have no right on it."""
        self.ensure_one()
        self._check_staff()
        if manager and not self._is_manager():
            raise AccessError(self.env._("Who counts does not adjust: call a manager."))
        count_sudo = self.sudo().exists()
        if not count_sudo or count_sudo.company_id not in self.env.companies:
            raise AccessError(self.env._("This count belongs to another place."))
        if count_sudo.state != "open":
            raise UserError(
                self.env._("This count is over: load the page again to begin another one.")
            )
        return count_sudo

    def _hold(self):
        """Of two who write at the same moment, the second is asked again and sees the first."""
        self.env.execute_query(
            SQL(
                "UPDATE tibillet_stock_count SET write_date = write_date WHERE id = %s"
                " RETURNING id",
                self.id,
            )
        )

    # -- counting ------------------------------------------------------------------------

    @api.model
    def _open_at(self, location):
        counts_sudo = self.sudo()  # cashiers have no right on counts
        domain = [("location_id", "=", location.id), ("state", "=", "open")]
        return counts_sudo.search(domain) or counts_sudo.create(
            {
                "location_id": location.id,
                "company_id": self.env.company.id,
                "started_by": self.env.user.name,
            }
        )

    def _goods(self):
        """What is counted by hand: goods with a stock, without numbers of their own."""
        self.ensure_one()
        products_sudo = self.env["product.product"].sudo().with_company(self.company_id)
        quants_sudo = self.env["stock.quant"].sudo()
        there = quants_sudo._read_group(
            [("location_id", "child_of", self.location_id.id), ("quantity", "!=", 0)],
            ["product_id"],
        )
        return products_sudo.search(
            [
                ("is_storable", "=", True),
                ("tracking", "=", "none"),
                ("company_id", "in", (False, self.company_id.id)),
                "|",
                "|",
                ("available_in_pos", "=", True),
                ("tibillet_keg_size", ">", 0),
                ("id", "in", [product.id for [product] in there]),
            ],
            order="categ_id, name, id",
        )

    def _rows(self):
        lines = self.line_ids.grouped("product_id")
        none = self.line_ids.browse()
        return [self._row(product, lines.get(product, none)) for product in self._goods()]

    def _row(self, product, line):
        """A product as the page shows it while people count: nothing of what should be there."""
        return {
            "product_id": product.id,
            "name": product.display_name,
            "category": product.categ_id.name or "",
            "unit": product.uom_id.name,
            "keg_size": product.tibillet_keg_size,
            "counted": line.counted if line else False,
            "is_counted": bool(line),
            "person": line.person or "",
            "at": fields.Datetime.to_string(line.counted_at) or "",
            "version": line.version,
        }

    def _note(self, product, line, quantity, is_more):
        """What is there by the books is read now, again for goods that are counted again."""
        counted = quantity + (line.counted if line and is_more else 0)
        values = {
            "counted": product.uom_id.round(counted),
            "expected": self._expected(product),
            "person": self.env.user.name,
            "user_id": self.env.uid,
            "counted_at": fields.Datetime.now(),
            "version": line.version + 1,
        }
        if line:
            line.write(values)
            return line
        return line.create({"count_id": self.id, "product_id": product.id, **values})

    def _expected(self, product):
        """By the books, less what open tills have sold and will move at their closing only."""
        stocked = product.with_context(location=self.location_id.id).qty_available
        self.env.flush_all()
        [(waiting,)] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(sum(CASE WHEN l.tibillet_keg_id = %(product)s
                                            THEN l.qty * l.tibillet_keg_part
                                            ELSE l.qty END), 0)
                     FROM pos_order_line l
                     JOIN pos_order o ON o.id = l.order_id AND o.state IN ('paid', 'done')
                     JOIN pos_session s ON s.id = o.session_id
                      AND s.update_stock_at_closing AND s.state <> 'closed'
                     JOIN pos_config c ON c.id = s.config_id
                     JOIN stock_picking_type t ON t.id = c.picking_type_id
                      AND t.default_location_src_id = %(location)s
                    WHERE %(product)s IN (COALESCE(l.tibillet_keg_id, l.product_id))
                      AND NOT EXISTS (SELECT 1 FROM stock_picking p WHERE p.pos_order_id = o.id)""",
                product=product.id,
                location=self.location_id.id,
            )
        )
        return product.uom_id.round(stocked - waiting)

    # -- applying ------------------------------------------------------------------------

    def _apply(self, reason):
        """:returns: how many products were different"""
        quants_sudo = self.env["stock.quant"].sudo()  # a till manager is no stock manager
        different = self.line_ids.filtered(
            lambda line: line.product_id.uom_id.compare(line.difference, 0)
        )
        for line in different:
            quant_sudo = quants_sudo._gather(line.product_id, self.location_id, strict=True)[:1]
            if not quant_sudo:
                quant_sudo = quants_sudo.create(
                    {"product_id": line.product_id.id, "location_id": self.location_id.id}
                )
            quant_sudo.inventory_quantity = quant_sudo.quantity + line.difference
            quant_sudo.with_context(inventory_name=reason)._apply_inventory()
        return len(different)

    def _end(self, state, reason):
        self.write(
            {
                "state": state,
                "reason": reason,
                "ended_at": fields.Datetime.now(),
                "ended_by": self.env.user.name,
            }
        )
