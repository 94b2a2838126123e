"""Who had the drawer, from when to when, and what she counted before she knew the sum."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class TibilletCashShift(models.Model):
    """One cashier's part of a session: what she took over, what passed, what she counted.

    Orders and cash moves name the shift in which they *arrived*, so each belongs to exactly
    one. A count closes the shift first and is compared with the expected sum afterwards, in a
    transaction of its own that sees every order of it. Written by the server alone.
    """

    _name = "tibillet.cash.shift"
    _description = "Cashier's part of a session"
    _order = "session_id desc, number"
    _rec_name = "person"

    session_id = fields.Many2one(
        "pos.session", string="Session", required=True, ondelete="cascade", index=True
    )
    config_id = fields.Many2one("pos.config", string="Till", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    number = fields.Integer(required=True, help="1 for the first cashier of the session.")
    state = fields.Selection(
        [("open", "At the till"), ("counted", "Counted"), ("closed", "Closed")],
        default="open",
        required=True,
    )
    person = fields.Char(string="Cashier", help="Empty until somebody accepts the drawer.")
    user_id = fields.Many2one("res.users", string="Signed in as", ondelete="restrict")
    employee_id = fields.Many2one("hr.employee", ondelete="restrict")
    device_id = fields.Many2one(
        "tibillet.device",
        string="Taken over on",
        ondelete="restrict",
        help="The paired till on which somebody took the drawer over; empty when none proved it.",
    )
    counted_device_id = fields.Many2one("tibillet.device", string="Counted on", ondelete="restrict")
    opened_at = fields.Datetime(string="From", required=True)
    closed_at = fields.Datetime(string="To")
    opening = fields.Monetary(string="Taken over", required=True)
    counted = fields.Monetary()
    expected = fields.Monetary(help="Taken over + cash sales + cash in − cash out − drops.")
    difference = fields.Monetary(help="Counted − expected.")
    coins = fields.Json(help="Pieces counted, by value in minor units.")
    blind = fields.Boolean(help="Counted before the expected sum was shown.")
    key = fields.Char(help="The till's key of the count, repeated in retries.")

    _one_open = models.UniqueIndex(
        "(session_id) WHERE state = 'open'", "One drawer, one cashier at a time."
    )
    _key_uniq = models.UniqueIndex(
        "(session_id, key) WHERE key IS NOT NULL", "This count was already taken."
    )
    _number_uniq = models.Constraint(
        "unique(session_id, number)", "The parts of a session are numbered once."
    )

    def init(self):
        """A closed part never changes, not even by SQL of another program of this user."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION tibillet_guard_shift() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    IF OLD.state = 'closed' THEN
                        RAISE EXCEPTION 'the count %% is final', OLD.id
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                END $$;
                DROP TRIGGER IF EXISTS tibillet_final ON tibillet_cash_shift;
                CREATE TRIGGER tibillet_final BEFORE UPDATE OR DELETE ON tibillet_cash_shift
                    FOR EACH ROW EXECUTE FUNCTION tibillet_guard_shift();
                """
            )
        )

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A count is made on the till and never changes."))
        return super().write(vals)

    @api.model
    def _current_id(self, session):
        """The part of a session that is running, made when there is none.

        Locks it in share mode: a count that comes at the same moment waits for the order that
        asks here, and an order that asks after the count starts again and gets the next part.
        """
        session.flush_recordset()
        self.env["tibillet.cash.shift"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM tibillet_cash_shift
                    WHERE session_id = %s AND state = 'open' FOR SHARE""",
                session.id,
            )
        )
        return rows[0][0] if rows else self._begin(session)

    @api.model
    def _begin(self, session, person=None, employee=None):
        """Open the next part of a session with what the last one left in the drawer."""
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO tibillet_cash_shift
                       (session_id, config_id, company_id, currency_id, number, state, person,
                        user_id, employee_id, opened_at, opening, blind)
                SELECT session.id, session.config_id, config.company_id, %(currency)s,
                       COALESCE(past.number, 0) + 1, 'open', %(person)s, %(user)s, %(employee)s,
                       tibillet_now(),
                       COALESCE(past.counted, session.cash_register_balance_start, 0), false
                  FROM pos_session session
                  JOIN pos_config config ON config.id = session.config_id
             LEFT JOIN LATERAL (SELECT number, counted FROM tibillet_cash_shift
                                 WHERE session_id = session.id
                              ORDER BY number DESC LIMIT 1) past ON true
                 WHERE session.id = %(session)s
                ON CONFLICT (session_id) WHERE state = 'open' DO NOTHING
                RETURNING id, number
                """,
                session=session.id,
                currency=session.currency_id.id,
                person=person or None,
                user=self.env.uid if person else None,
                employee=employee.id if employee else None,
            )
        )
        self.invalidate_model()
        if not rows:
            return self._current_id(session)
        [(shift_id, number)] = rows
        if number == 1:
            self._adopt(session, shift_id)
        return shift_id

    @api.model
    def _adopt(self, session, shift_id):
        """A session that was open before drawers were counted: what it did is the first's."""
        self.env.execute_query(
            SQL(
                """UPDATE pos_order SET tibillet_shift_id = %s
                    WHERE session_id = %s AND tibillet_shift_id IS NULL
                      AND state IN ('paid', 'done', 'invoiced') RETURNING id""",
                shift_id,
                session.id,
            )
        )
        self.env.execute_query(
            SQL(
                """UPDATE account_bank_statement_line
                      SET tibillet_shift_id = %s, tibillet_kind = 'move'
                    WHERE pos_session_id = %s AND tibillet_shift_id IS NULL RETURNING id""",
                shift_id,
                session.id,
            )
        )
        self.env["pos.order"].invalidate_model(["tibillet_shift_id"])
        self.env["account.bank.statement.line"].invalidate_model(
            ["tibillet_shift_id", "tibillet_kind"]
        )

    def _figures(self):
        """What passed through the drawer while each of these lasted.

        :returns: shift id → ``{"sales", "orders", "ins", "outs", "drops", "differences"}``,
            amounts as decimals of the currency, outs and drops negative
        """
        self.env.flush_all()
        figures = {
            shift_id: dict.fromkeys(("sales", "ins", "outs", "drops", "differences"), 0.0)
            | {"orders": 0, "taken": 0.0}
            for shift_id in self.ids
        }
        for shift_id, orders, taken, sales in self.env.execute_query(
            SQL(
                """SELECT o.tibillet_shift_id, count(DISTINCT o.id), sum(p.amount),
                          COALESCE(sum(p.amount) FILTER (WHERE p.payment_method_id = (
                              SELECT cash.id FROM pos_payment_method cash
                                JOIN pos_config_pos_payment_method_rel rel
                                  ON rel.pos_payment_method_id = cash.id
                                 AND rel.pos_config_id = s.config_id
                               WHERE cash.journal_id = s.cash_journal_id
                            ORDER BY cash.sequence, cash.id LIMIT 1)), 0)
                     FROM pos_order o
                     JOIN pos_session s ON s.id = o.session_id
                LEFT JOIN pos_payment p ON p.pos_order_id = o.id
                    WHERE o.tibillet_shift_id = ANY(%s)
                      AND o.state IN ('paid', 'done', 'invoiced')
                 GROUP BY o.tibillet_shift_id""",
                self.ids,
            )
        ):
            figures[shift_id] |= {"orders": orders, "taken": taken or 0, "sales": sales}
        for shift_id, kind, amount in self.env.execute_query(
            SQL(
                """SELECT tibillet_shift_id,
                          CASE WHEN tibillet_kind <> 'move' THEN tibillet_kind || 's'
                               WHEN amount < 0 THEN 'outs' ELSE 'ins' END AS kind, sum(amount)
                     FROM account_bank_statement_line
                    WHERE tibillet_shift_id = ANY(%s)
                 GROUP BY tibillet_shift_id, 2""",
                self.ids,
            )
        ):
            figures[shift_id][kind] = amount
        return figures

    def _expected(self):
        """What should be in the drawer now: see the field ``expected``."""
        self.ensure_one()
        passed = self._figures()[self.id]
        return self.currency_id.round(
            float(self.opening)
            + sum(float(passed[name]) for name in ("sales", "ins", "outs", "drops"))
        )

    def _has_orders(self):
        self.ensure_one()
        return bool(self._figures()[self.id]["orders"])
