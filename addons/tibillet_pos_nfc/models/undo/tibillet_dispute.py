"""“I was charged twice”: the sales of a card, an order or an hour, doubles marked."""

from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

DOUBLE_MINUTES = 10
SHOWN = 500

SALES = """
    WITH sale AS (
        SELECT o.id, o.occurred_at, o.state, o.wallet_id, o.card_id, p.pos_order_id,
               r.pos_reference, r.config_id, r.user_id, moved.amount_minor,
               -- the till that asked: a payment names it, a hold without order by its origin
               COALESCE(p.tibillet_device_id,
                        substring(o.origin FROM '^device:([0-9]+)$')::integer) AS device_id
          FROM tibillet_operation o
          JOIN LATERAL (
               SELECT sum(amount_minor)::bigint AS amount_minor FROM (
                      SELECT t.amount_minor, t.asset_id FROM tibillet_transfer t
                       WHERE t.operation_id = o.id
                       UNION ALL
                      SELECT l.amount_minor, l.asset_id FROM tibillet_hold_line l
                       WHERE l.operation_id = o.id AND o.state = 'pending') line
                 JOIN tibillet_asset s ON s.id = line.asset_id
                WHERE s.currency_id = %(currency)s) moved ON moved.amount_minor > 0
          LEFT JOIN pos_payment p
            ON p.transaction_id = split_part(o.key, '/', 1)
           AND o.origin = 'device:' || p.tibillet_device_id
          LEFT JOIN pos_order r ON r.id = p.pos_order_id
         WHERE o.code = 'sale' AND o.state IN ('posted', 'pending')
           AND o.company_id = %(company)s
           AND o.occurred_at >= %(start)s AND o.occurred_at < %(end)s
           AND (%(wallets)s::integer[] IS NULL OR o.wallet_id = ANY(%(wallets)s))
    ), marked AS (
        SELECT sale.*,
               LEAST(occurred_at - lag(occurred_at) OVER same,
                     lead(occurred_at) OVER same - occurred_at)
                   <= make_interval(mins => %(minutes)s) AS is_double
          FROM sale WINDOW same AS (PARTITION BY wallet_id, amount_minor
                                    ORDER BY occurred_at, id)
    )
    SELECT m.id, m.occurred_at, m.state, m.wallet_id, m.pos_order_id, m.pos_reference,
           m.config_id, m.device_id, m.user_id, m.amount_minor, COALESCE(m.is_double, false),
           c.number,
           COALESCE((SELECT sum(t.amount_minor) FROM tibillet_operation b
                       JOIN tibillet_transfer t ON t.operation_id = b.id
                       JOIN tibillet_asset s ON s.id = t.asset_id
                      WHERE b.names_id = m.id AND b.state = 'posted'
                        AND b.code IN ('undo', 'correct') AND s.currency_id = %(currency)s), 0)
      FROM marked m
      LEFT JOIN tibillet_card c ON c.id = m.card_id
     ORDER BY m.occurred_at DESC, m.id DESC
     LIMIT %(limit)s"""


class TibilletDispute(models.TransientModel):
    """A search that leads from whatever the visitor knows to the sales of their card.

    By card (number, chip or QR) or by order, one search shows the card's sales of the day; by
    hour, the sales of that hour with their doubles, and one touch more a card's own day. Who
    looked is noted for every wallet that is shown.
    """

    _name = "tibillet.dispute"
    _description = "Charged twice?"

    text = fields.Char(string="Card or order")
    day = fields.Date(default=lambda self: self._today(), required=True)
    hour = fields.Float(string="Around", help="Without a card: the sales of this hour.")
    minutes = fields.Integer(
        string="Doubles within (minutes)",
        default=DOUBLE_MINUTES,
        help="The same amount on the same card within so many minutes is marked.",
    )
    said = fields.Char(readonly=True)
    line_ids = fields.One2many("tibillet.dispute.line", "dispute_id", readonly=True)

    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = self.env._("Charged twice?")

    @api.model
    def _today(self):
        return self._place()._business_day()

    @api.model
    def _place(self):
        return self.env["tibillet.place"].sudo()._of_company(self.env.company)  # its hours

    def action_search(self):
        """Show the sales of what was typed; a refusal stands in the form."""
        self.ensure_one()
        self.env["tibillet.dispute.line"].sudo().search([("dispute_id", "=", self.id)]).unlink()
        self.said = False
        try:
            self._show(self._wallets())
        except LedgerError as refusal:
            self.said = str(refusal)
        return False

    # -- whose sales -----------------------------------------------------------------------

    def _wallets(self):
        """The wallets that the text means, in sudo; None: everybody's, in an hour."""
        text = (self.text or "").strip()
        if not text:
            return None
        order = self._order_of(text)
        if order:
            operations_sudo = self.env["tibillet.operation"].sudo()
            for payment in order.payment_ids._tibillet_wallet_lines():
                operations_sudo |= payment._tibillet_operations()
            wallets_sudo = operations_sudo.wallet_id
            if not wallets_sudo:
                raise LedgerError("invalid", self.env._("No card paid this order."))
            # the ledger's hour, not the order's: a tablet's clock may be a day off
            self.day = self._place()._business_day(min(operations_sudo.mapped("occurred_at")))
        else:
            wallets_sudo = self.env["tibillet.card"]._find(text).sudo().wallet_id
        wallets_sudo = wallets_sudo.browse(one._surviving().id for one in wallets_sudo)
        return wallets_sudo._with_merged()

    def _order_of(self, text):
        """The latest order of this place with exactly this number."""
        return self.env["pos.order"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("paid", "done")),
                "|",
                "|",
                ("pos_reference", "=", text),
                ("name", "=", text),
                ("uuid", "=", text),
            ],
            order="id desc",
            limit=1,
        )

    def _bounds(self, wallets):
        """The business day, or the hour before and after in which a sale is looked for.

        A card's day is wider by the minutes of a double: two charges may have a day's end
        between them.
        """
        start, end = self._place()._business_day_bounds(self.day)
        if wallets is not None:
            margin = timedelta(minutes=self._double_minutes())
            return start - margin, end + margin
        if not self.hour:
            return start, end
        zone = pytz.timezone(self._place().tz or "Europe/Paris")
        local = datetime.combine(self.day, datetime.min.time()) + timedelta(hours=self.hour)
        around = zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
        if around < start:  # one in the morning belongs to the evening before
            around += timedelta(days=1)
        return around - timedelta(minutes=30), around + timedelta(minutes=30)

    def _double_minutes(self):
        return max(1, min(self.minutes or DOUBLE_MINUTES, 24 * 60))

    # -- what is shown ---------------------------------------------------------------------

    def _show(self, wallets):
        start, end = self._bounds(wallets)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                SALES,
                company=self.env.company.id,
                currency=self.env.company.currency_id.id,
                start=start,
                end=end,
                wallets=None if wallets is None else wallets.ids,
                minutes=self._double_minutes(),
                limit=SHOWN,
            )
        )
        if not rows:
            raise LedgerError(
                "invalid", self.env._("No sale was paid by card then. Look at another day.")
            )
        looked = self.env["tibillet.wallet"].browse(sorted({row[3] for row in rows}))
        looked._note_access("moves", self.env._("Charged twice?"))
        digits = 10**self.env.company.currency_id.decimal_places
        lines_sudo = self.env["tibillet.dispute.line"].sudo()  # written by the search alone
        lines_sudo.create(
            [
                {
                    "dispute_id": self.id,
                    "at": at,
                    "on_hold": state == "pending",
                    "wallet_id": wallet_id,
                    "order_id": order_id,
                    "reference": reference,
                    "config_id": config_id,
                    "device_id": device_id,
                    "user_id": user_id,
                    "amount": amount_minor / digits,
                    "back": back_minor / digits,
                    "is_double": is_double,
                    "mark": self.env._("Double") if is_double else False,
                    "tail": f"···{number[-4:]}" if number else "",
                }
                for (
                    _operation_id,
                    at,
                    state,
                    wallet_id,
                    order_id,
                    reference,
                    config_id,
                    device_id,
                    user_id,
                    amount_minor,
                    is_double,
                    number,
                    back_minor,
                ) in rows
            ]
        )
        doubles = sum(1 for row in rows if row[10])
        self.said = (
            self.env._(
                "%(sales)s sales by card, %(doubles)s of them with a double.",
                sales=len(rows),
                doubles=doubles,
            )
            if doubles
            else self.env._("%(sales)s sales by card, no double.", sales=len(rows))
        )


class TibilletDisputeLine(models.TransientModel):
    """A sale paid by card, as the search found it."""

    _name = "tibillet.dispute.line"
    _description = "Sale of a card"
    _order = "at desc, id desc"

    dispute_id = fields.Many2one("tibillet.dispute", required=True, ondelete="cascade")
    at = fields.Datetime(string="When")
    tail = fields.Char(string="Card")
    wallet_id = fields.Many2one("tibillet.wallet", groups="base.group_system", ondelete="cascade")
    order_id = fields.Many2one("pos.order", string="Order", ondelete="cascade")
    reference = fields.Char(string="Receipt")
    config_id = fields.Many2one("pos.config", string="Till", ondelete="cascade")
    device_id = fields.Many2one("tibillet.device", string="Tablet", ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Cashier", ondelete="cascade")
    currency_id = fields.Many2one(related="device_id.company_id.currency_id")
    amount = fields.Monetary(string="Paid")
    back = fields.Monetary(string="Came back")
    is_double = fields.Boolean()
    mark = fields.Char(string="Double")
    on_hold = fields.Boolean(string="On hold")

    def action_card(self):
        """All the sales of this line's card, that day."""
        self.ensure_one()
        dispute = self.dispute_id
        dispute.text = False
        self.check_access("read")
        wallets_sudo = self.sudo().wallet_id._surviving()._with_merged()
        lines_sudo = self.env["tibillet.dispute.line"].sudo()
        lines_sudo.search([("dispute_id", "=", dispute.id)]).unlink()
        try:
            dispute._show(wallets_sudo)
        except LedgerError as refusal:
            dispute.said = str(refusal)
        return False

    def action_order(self):
        """The order, where a manager sees its lines and undoes it."""
        self.ensure_one()
        return self.order_id.get_formview_action()
