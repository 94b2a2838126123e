import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .tibillet_budget import EXPENSE, INCOME


class TibilletBudgetLine(models.Model):
    """What is planned under a name, and which accounts say what came of it."""

    _name = "tibillet.budget.line"
    _description = "Line of a budget"
    _order = "kind desc, sequence, id"

    budget_id = fields.Many2one("tibillet.budget", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="budget_id.company_id", store=True)
    currency_id = fields.Many2one(related="budget_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [(INCOME, "Income"), (EXPENSE, "Expense")], required=True, default=EXPENSE
    )
    name = fields.Char(string="What", required=True)
    codes = fields.Char(
        string="Accounts",
        help="Beginnings of account numbers, separated by commas: 606, 6111. Empty: whatever "
        "no other line of this kind counts.",
    )
    planned = fields.Monetary(required=True, default=0)
    realised = fields.Monetary(compute="_compute_realised")
    variance = fields.Monetary(
        compute="_compute_realised", help="More than zero is better: more came in, or less left."
    )

    _planned_positive = models.Constraint(
        "CHECK (planned >= 0)", "A plan is not below zero: an expense is written without sign."
    )

    @api.depends("planned", "kind", "codes")
    def _compute_realised(self):
        budgets_sudo = self.budget_id.sudo()  # sums of journal items
        realised = budgets_sudo._realised()
        for line in self:
            lines, _outside = realised.get(line.budget_id._origin.id, ({}, 0))
            unit = 10**line.currency_id.decimal_places
            line.realised = lines.get(line._origin.id, 0) / unit
            difference = line.realised - line.planned
            line.variance = difference if line.kind == INCOME else -difference

    def _beginnings(self):
        """The beginnings of account numbers that the line names."""
        return [one for one in re.split(r"[\s,;]+", self.codes or "") if one]

    def _that_counts(self, kind, code):
        """The line of that kind that counts an account: the longest beginning, else the one
        without numbers; none when there is neither."""
        best, longest = self.browse(), -1
        for line in self.filtered(lambda line: line.kind == kind):
            lengths = [len(one) for one in line._beginnings() if (code or "").startswith(one)]
            length = max(lengths, default=-1) if line._beginnings() else 0
            if length > longest:
                best, longest = line, length
        return best

    @api.constrains("codes", "kind", "budget_id")
    def _check_codes(self):
        """No account is counted twice, and each beginning finds an account of its kind."""
        for line in self:
            others = line.budget_id.line_ids.filtered(
                lambda other, line=line: other.kind == line.kind and other != line
            )
            mine = set(line._beginnings())
            for other in others:
                twice = mine & set(other._beginnings())
                if twice or not (mine or other._beginnings()):
                    raise ValidationError(
                        self.env._(
                            "“%(line)s” and “%(other)s” would count the same accounts "
                            "(%(codes)s): name each beginning once.",
                            line=line.name,
                            other=other.name,
                            codes=", ".join(sorted(twice)) or self.env._("all others"),
                        )
                    )
            line._check_found(mine)

    def _check_found(self, beginnings):
        accounts_sudo = self.env["account.account"].sudo()  # numbers only
        accounts_sudo = accounts_sudo.with_company(self.company_id)
        for one in beginnings:
            if not accounts_sudo.search_count(
                [
                    ("company_ids", "parent_of", self.company_id.id),
                    ("code", "=like", f"{one}%"),
                    ("internal_group", "=", self.kind),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "No account of this kind begins with %(code)s in %(company)s: look at "
                        "“%(line)s” again.",
                        code=one,
                        company=self.company_id.name,
                        line=self.name,
                    )
                )
