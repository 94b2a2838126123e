"""The bank's part of the health page."""

from odoo import api, models


class TibilletHealth(models.AbstractModel):
    _inherit = "tibillet.health"

    @api.model
    def _parts(self):
        return {**super()._parts(), "backing": self._part_backing}

    @api.model
    def _part_backing(self):
        """Companies whose bank holds less than what they owe, whose statement is too old, and
        how many lines of a bank nothing explains: a matter for the accountant, never a reason
        to call the server down. No amount is told."""
        # every issuer, whoever asks; in English
        pages_sudo = self.env["tibillet.backing"].sudo().with_context(lang="en_US").search([])
        by_state = {
            state: pages_sudo.filtered(lambda page, state=state: page.state == state)
            for state in ("short", "old", "unread", "none")
        }
        unbacked = by_state["none"].filtered("owed_now_minor")
        answer = {
            "short": by_state["short"].company_id.ids,
            "old": by_state["old"].company_id.ids,
            "without_statement": by_state["unread"].company_id.ids,
            "without_bank": unbacked.company_id.ids,
            "unmatched_lines": sum(pages_sudo.mapped("unmatched_count")),
        }
        warnings = []
        if answer["short"]:
            warnings.append("A bank holds less than what its issuer owes: see Backing.")
        if answer["old"]:
            warnings.append("The statement of a bank that backs is older than a month.")
        return {**answer, "warning": " ".join(warnings)} if warnings else answer
