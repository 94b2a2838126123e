from odoo import api, fields, models

from .checks import CHECKS

SHOWN = 20


class TibilletAuditFinding(models.Model):
    """A rule of the ledger that a sweep found broken, and by what."""

    _name = "tibillet.audit.finding"
    _description = "Broken rule of the ledger"
    _order = "id"
    _rec_name = "check"

    audit_id = fields.Many2one(
        "tibillet.audit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    check = fields.Char(required=True, readonly=True)
    row_count = fields.Integer(string="How many", required=True, readonly=True)
    row_ids = fields.Json(readonly=True)
    sentence = fields.Char(string="What is broken", compute="_compute_sentence")
    row_list = fields.Char(string="Numbers", compute="_compute_row_list")
    can_open = fields.Boolean(compute="_compute_can_open")

    @api.depends("check")
    @api.depends_context("lang")
    def _compute_sentence(self):
        sentences = self._sentences()
        for finding in self:
            finding.sentence = sentences.get(finding.check, finding.check)

    @api.depends("row_ids", "row_count", "check")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_row_list(self):
        for finding in self:
            ids = finding.row_ids or []
            if CHECKS.get(finding.check) == "res.company":
                # Other companies' names are not for everybody who reads this.
                shown = self.env.companies.filtered(lambda one, ids=ids: one.id in ids)
                names = shown.mapped("name")
            else:
                names = [str(row_id) for row_id in ids[:SHOWN]]
            more = finding.row_count - len(names)
            text = ", ".join(names)
            if more and text:
                text = self.env._("%(rows)s and %(more)s more", rows=text, more=more)
            elif more:
                text = self.env._("%s of other companies", more)
            finding.row_list = text

    @api.depends("check")
    def _compute_can_open(self):
        for finding in self:
            finding.can_open = CHECKS.get(finding.check) not in (False, None, "res.company")

    def action_view_rows(self):
        """Open the rows, those of one's own companies."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.sentence,
            "res_model": CHECKS[self.check],
            "view_mode": "list,form",
            "domain": [("id", "in", self.row_ids)],
            "context": {"active_test": False, "create": False},
        }

    @api.model
    def _sentences(self):
        """What it means that a check found something, for people."""
        return {
            "sum": self.env._(
                "All accounts of a currency together are not zero: value came from nowhere."
            ),
            "balance": self.env._("A balance is not the sum of what moved on the account."),
            "held": self.env._("What is on hold on an account is not what its live holds say."),
            "floor": self.env._("An account is below its floor."),
            "filled": self.env._(
                "Only wallets of people and cards keep a balance: here it is otherwise."
            ),
            "rollup": self.env._(
                "The stored sum of a venue or issuer is not the sum of what moved."
            ),
            "merged": self.env._(
                "A wallet that was merged into another one still holds something."
            ),
            "archived": self.env._("A currency that was archived is still held by somebody."),
            "key": self.env._("Two operations of one origin have the same key."),
            "digest": self.env._("An operation lacks the digest of what was asked."),
            "state": self.env._("An operation is in a state that does not exist."),
            "dated": self.env._("An operation is posted without a date, or dated in the future."),
            "early": self.env._("An operation was posted before it took place."),
            "empty": self.env._("An operation is posted and moved nothing."),
            "moved": self.env._("An operation moved something and is not posted."),
            "pending": self.env._(
                "An operation is on hold without an end, or ended and still on hold."
            ),
            "unheld": self.env._("An operation was on hold and reserved nothing."),
            "captured": self.env._("Something else was captured than what was held."),
            "crossed": self.env._("A transfer does not link two accounts of one currency."),
            "kinds": self.env._(
                "A transfer links accounts that this kind of operation does not link."
            ),
            "handed": self.env._(
                "Money passed from person to person, which the law does not allow."
            ),
            "correction": self.env._("A correction names nothing that can be corrected."),
            "late": self.env._(
                "A sale recorded after its hold took more than was held, or another's."
            ),
            "cap": self.env._("A card was loaded beyond the most that it may hold."),
            "payout": self.env._(
                "A venue was paid out without the row that two payments collide on."
            ),
            "guard": self.env._("A guard of the database is switched off or gone."),
            "books": self.env._(
                "The books and the wallet ledger differ: see the control of the books."
            ),
            "mirror": self.env._("What two companies owe each other is not what the ledger says."),
        }
