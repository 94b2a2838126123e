"""What an evening was to cost and bring, beside what the books say it did."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

INCOME, EXPENSE = "income", "expense"


class TibilletBudget(models.Model):
    """Planned and realised, for a period, an analytic account, or both.

    Realised is read from posted journal items of income and expense: those of the analytic
    account where one is named (by its share of each item), else all of the company's, within
    the dates. An item counts in one line: the one that names the longest beginning of its
    account's number, else the line without numbers of its kind.
    """

    _name = "tibillet.budget"
    _description = "Budget of an evening"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until", help="This day included.")
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="analytic.group_analytic_accounting",
        help="Count what was booked on it only; without one, all that was booked in the dates.",
    )
    line_ids = fields.One2many("tibillet.budget.line", "budget_id", copy=True)
    planned = fields.Monetary(
        string="Planned result", compute="_compute_totals", help="Income less expense."
    )
    realised = fields.Monetary(string="Realised result", compute="_compute_totals")
    variance = fields.Monetary(
        compute="_compute_totals", help="Realised less planned: more than zero is better."
    )
    outside = fields.Monetary(
        string="In no line",
        compute="_compute_totals",
        help="What was booked and no line counts, income less expense.",
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A budget does not end before it begins.",
    )
    _some_scope = models.Constraint(
        "CHECK (analytic_account_id IS NOT NULL"
        " OR (date_from IS NOT NULL AND date_to IS NOT NULL))",
        "Say from when until when, or which analytic account: else everything would count.",
    )

    @api.depends("line_ids.planned", "line_ids.kind")
    def _compute_totals(self):
        budgets_sudo = self.sudo()  # sums of journal items, for who may read the budget
        realised = budgets_sudo._realised()
        for budget in self:
            lines, outside_minor = realised[budget._origin.id]
            signs = {line: 1 if line.kind == INCOME else -1 for line in budget.line_ids}
            unit = 10**budget.currency_id.decimal_places
            budget.planned = sum(sign * line.planned for line, sign in signs.items())
            budget.realised = (
                sum(sign * lines.get(line._origin.id, 0) for line, sign in signs.items()) / unit
            )
            budget.variance = budget.realised - budget.planned
            budget.outside = outside_minor / unit

    def _realised(self):
        """What was booked, by line.

        :return: ``{budget id: ({line id: minor units, as its kind counts them}, minor units
            that no line counts, income less expense)}``
        """
        answer = {budget._origin.id: ({}, 0) for budget in self}
        lines = {budget._origin.id: budget._origin.line_ids for budget in self}
        for budget_id, kind, code, minor in self._booked():
            counted, outside_minor = answer[budget_id]
            line = lines[budget_id]._that_counts(kind, code)
            if line:
                counted[line.id] = counted.get(line.id, 0) + minor
            else:
                outside_minor += minor if kind == INCOME else -minor
            answer[budget_id] = (counted, outside_minor)
        return answer

    def _booked(self):
        """Income and expense of the budgets by account, in one statement whatever their number.

        :return: list of (budget id, kind, account code, minor units)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT b.id, k.kind, a.code_store ->> split_part(c.parent_path, '/', 1),
                       round(sum(CASE k.kind WHEN 'income' THEN -1 ELSE 1 END * l.balance * w.part)
                             * (10 ^ cur.decimal_places)::numeric)::bigint
                  FROM tibillet_budget b
                  JOIN res_company c ON c.id = b.company_id
                  JOIN res_currency cur ON cur.id = c.currency_id
                  JOIN account_move_line l
                    ON l.company_id = b.company_id AND l.parent_state = 'posted'
                   AND (b.date_from IS NULL OR l.date >= b.date_from)
                   AND (b.date_to IS NULL OR l.date <= b.date_to)
                   AND (b.analytic_account_id IS NULL OR l.analytic_distribution IS NOT NULL)
                  JOIN account_account a ON a.id = l.account_id
                 CROSS JOIN LATERAL (
                       SELECT CASE WHEN a.account_type LIKE 'income%%' THEN 'income'
                                   WHEN a.account_type LIKE 'expense%%' THEN 'expense' END) k(kind)
                 CROSS JOIN LATERAL (
                       SELECT CASE WHEN b.analytic_account_id IS NULL THEN 1
                              ELSE (SELECT sum(d.value::numeric) / 100
                                      FROM jsonb_each_text(l.analytic_distribution) d
                                     WHERE b.analytic_account_id::text
                                           = ANY(string_to_array(d.key, ','))) END) w(part)
                 WHERE b.id = ANY(%s) AND k.kind IS NOT NULL AND w.part IS NOT NULL
                 GROUP BY b.id, k.kind, 3, cur.decimal_places""",
                self._origin.ids,
            )
        )

    @api.constrains("analytic_account_id", "company_id")
    def _check_analytic_company(self):
        for budget_sudo in self.sudo():  # the company of an analytic account, no more
            company = budget_sudo.analytic_account_id.company_id
            if company and company != budget_sudo.company_id:
                raise ValidationError(
                    self.env._("This analytic account is another company's: choose one of yours.")
                )

    def action_open_items(self):
        """The journal items that count, for who may read them in Odoo."""
        self.ensure_one()
        self.check_access("read")
        self.env["account.move.line"].check_access("read")
        budget_sudo = self.sudo()  # its analytic account, for the list of items
        domain = [
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("account_id.internal_group", "in", (INCOME, EXPENSE)),
        ]
        if self.date_from:
            domain.append(("date", ">=", self.date_from))
        if self.date_to:
            domain.append(("date", "<=", self.date_to))
        if budget_sudo.analytic_account_id:
            domain.append(("analytic_distribution", "in", budget_sudo.analytic_account_id.ids))
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": domain,
            "context": {"create": False},
        }
