"""What is sold out where, since when and who said so; told to every open till at once."""

import logging
from datetime import timedelta
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

NOTICE = "TIBILLET_SOLD_OUT"
#: A stock that is this low is looked at again once a sale stands: tills sell at the same moment.
LOW_STOCK = 200
#: How far back that look goes: longer than any sale takes to be stored.
LOOK_BACK = timedelta(seconds=60)


class TibilletSoldOut(models.Model):
    """One stretch of time in which a product is sold out at one stock; never two at once.

    Tills hear what changed, never a whole list: two changes at the same moment must not undo
    each other on the screens.
    """

    _name = "tibillet.sold.out"
    _description = "Sold out"
    _order = "since desc, id desc"
    _rec_name = "product_tmpl_id"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", required=True, ondelete="cascade", index=True
    )
    location_id = fields.Many2one(
        "stock.location", string="Stock", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    since = fields.Datetime(required=True)
    person = fields.Char(string="Said by")
    user_id = fields.Many2one("res.users", string="Signed in as", ondelete="set null")
    config_id = fields.Many2one("pos.config", string="Till", ondelete="set null")
    automatic = fields.Boolean(help="None was left: the stock said so, nobody touched anything.")
    ended_at = fields.Datetime(string="In sale again")
    ended_by = fields.Char(string="Back by")

    _one_open = models.UniqueIndex(
        "(product_tmpl_id, location_id) WHERE ended_at IS NULL",
        "This product is sold out already.",
    )

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("What is sold out is said on a till."))
        return super().write(vals)

    # -- asked ---------------------------------------------------------------------------

    @api.model
    def _rows(self, location):
        """What is sold out at a stock, as tills hear it."""
        open_sudo = self.sudo().search(  # cashiers have no right on the history
            [("location_id", "=", location.id), ("ended_at", "=", False)]
        )
        return [row._row() for row in open_sudo]

    def _row(self):
        self.ensure_one()
        return {
            "product_tmpl_id": self.product_tmpl_id.id,
            "since": fields.Datetime.to_string(self.since),
            "person": self.person or "",
            "automatic": self.automatic,
        }

    @api.model
    def _among(self, location, product_ids):
        """Which of these products are sold out there, in one query: a customer waits.

        :returns: ``{product id: since}``, in the server's time, UTC
        """
        if not product_ids or not location:
            return {}
        self.flush_model(["ended_at", "location_id", "product_tmpl_id", "since"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT p.id, s.since FROM tibillet_sold_out s
                         JOIN product_product p ON p.product_tmpl_id = s.product_tmpl_id
                        WHERE s.location_id = %s AND s.ended_at IS NULL AND p.id = ANY(%s)""",
                    location.id,
                    list(product_ids),
                )
            )
        )

    # -- said ----------------------------------------------------------------------------

    @api.model
    def _declare(self, template, location, *, person, config=None, automatic=False):
        """Take a product out of sale; said twice, it is the first that counts."""
        self.flush_model()
        company = location.company_id or (config or template).company_id or self.env.company
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_sold_out
                          (product_tmpl_id, location_id, company_id, since, person, user_id,
                           config_id, automatic, create_uid, create_date, write_uid, write_date)
                   VALUES (%(template)s, %(location)s, %(company)s,
                           (now() AT TIME ZONE 'UTC')::timestamp(0), %(person)s, %(user)s,
                           %(config)s, %(automatic)s, %(user)s, now() AT TIME ZONE 'UTC',
                           %(user)s, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (product_tmpl_id, location_id) WHERE ended_at IS NULL DO NOTHING
                   RETURNING id""",
                template=template.id,
                location=location.id,
                company=company.id,
                person=person,
                user=self.env.uid,
                config=config.id if config else None,
                automatic=automatic,
            )
        )
        if rows:
            new_sudo = self.sudo().browse(rows[0][0])
            self._tell(location, {"out": [new_sudo._row()], "back": []})
        return bool(rows)

    @api.model
    def _lift(self, template, location, *, person, automatic_only=False):
        """Put a product back in sale; one that is in sale already stays so."""
        domain = Domain(
            [
                ("product_tmpl_id", "=", template.id),
                ("location_id", "=", location.id),
                ("ended_at", "=", False),
            ]
        )
        if automatic_only:
            domain &= Domain("automatic", "=", True)
        open_sudo = self.sudo().search(domain)
        if open_sudo:
            open_sudo.write({"ended_at": fields.Datetime.now(), "ended_by": person})
            self._tell(location, {"out": [], "back": [template.id]})
        return bool(open_sudo)

    @api.model
    def _tell(self, location, change):
        """To every open till of this stock, when the transaction is done."""
        configs_sudo = self.env["pos.config"].sudo()  # of colleagues too
        configs_sudo = configs_sudo.search(
            [("picking_type_id.default_location_src_id", "=", location.id)]
        )
        for config_sudo in configs_sudo.filtered("has_active_session"):
            config_sudo._notify(NOTICE, change)

    # -- by itself -----------------------------------------------------------------------

    @api.model
    def _follow(self, moves):
        """After goods moved: what ran out is sold out, what arrived is in sale again.

        Only at the moment when the stock crosses zero: a product that somebody put back in sale
        though the stock says none stays so. Sales that are stored at the same moment do not see
        each other: the one that stands last looks again.
        """
        templates_sudo = (
            self.env["product.template"]
            .sudo()
            .search(
                Domain("tibillet_sold_out_auto", "=", True)
                & (
                    Domain("product_variant_ids", "in", moves.product_id.ids)
                    | Domain("tibillet_keg_id", "in", moves.product_id.ids)
                )
            )
        )
        if not templates_sudo:
            return
        configs_sudo = (
            self.env["pos.config"].sudo().search([("company_id", "in", moves.company_id.ids)])
        )
        for location_sudo in configs_sudo.picking_type_id.default_location_src_id:
            moved = self._moved(moves, location_sudo)
            for template_sudo in templates_sudo:
                after = self._follow_one(template_sudo, location_sudo, moved)
                if after is not None and after < LOW_STOCK:
                    look = partial(self._look_again, template_sudo.id, location_sudo.id)
                    self.env.cr.postcommit.add(look)

    @api.model
    def _look_again(self, template_id, location_id):
        """After the commit, see also what rivals have sold, in a transaction of its own."""

        def look(env):
            sold_out_sudo = env["tibillet.sold.out"].sudo()  # who sells writes no history
            template_sudo = env["product.template"].sudo().browse(template_id)
            location_sudo = env["stock.location"].sudo().browse(location_id)
            part = template_sudo._tibillet_keg_part()
            products_sudo = part.keg if part else template_sudo.product_variant_ids
            moves_sudo = env["stock.move"].sudo()
            moves_sudo = moves_sudo.search(
                [
                    ("product_id", "in", products_sudo.ids),
                    ("state", "=", "done"),
                    ("date", ">", sold_out_sudo._looked_back(template_sudo, location_sudo)),
                ]
            )
            moved = sold_out_sudo._moved(moves_sudo, location_sudo)
            sold_out_sudo._follow_one(template_sudo, location_sudo, moved)

        try:
            self.env["tibillet.ledger"].sudo()._short(look)  # begun again when a rival is quicker
        except psycopg2.Error as error:  # the sale stands, whatever comes of this look
            _logger.info("The stock was not looked at again after a sale: %s", error)

    @api.model
    def _looked_back(self, template, location):
        """Since when moves count together; what somebody put back in sale begins anew."""
        put_back_sudo = self.sudo().search(
            [
                ("product_tmpl_id", "=", template.id),
                ("location_id", "=", location.id),
                ("ended_by", "!=", False),
            ],
            order="ended_at desc",
            limit=1,
        )
        since = fields.Datetime.now() - LOOK_BACK
        return max(since, put_back_sudo.ended_at or since)

    @api.model
    def _moved(self, moves, location):
        """How much of each product these moves brought to a stock, less what they took."""
        inside = f"/{location.parent_path}"
        moved = {}
        for line_sudo in moves.move_line_ids.sudo():
            quantity = line_sudo.quantity_product_uom
            gained = f"/{line_sudo.location_dest_id.parent_path}".startswith(inside)
            lost = f"/{line_sudo.location_id.parent_path}".startswith(inside)
            change = quantity * (gained - lost)
            moved[line_sudo.product_id] = moved.get(line_sudo.product_id, 0) + change
        return moved

    @api.model
    def _follow_one(self, template, location, moved):
        """Say what crossed zero; answers what is left, or None when nothing moved."""
        part = template._tibillet_keg_part()
        products = part.keg if part else template.product_variant_ids
        change = sum(moved.get(product, 0) for product in products)
        if not change:
            return None
        # what one glass needs; of anything else, more than nothing
        least = part.quantity if part else products[:1].uom_id.rounding
        after = sum(products.with_context(location=location.id).mapped("qty_available"))
        compare = products[:1].uom_id.compare
        was, is_there = compare(after - change, least) >= 0, compare(after, least) >= 0
        if was and not is_there:
            self._declare(template, location, person=False, automatic=True)
        elif is_there and not was:
            self._lift(template, location, person=False, automatic_only=True)
        return after
