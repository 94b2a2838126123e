from markupsafe import Markup

from odoo import api, fields, models


class TibilletPersonErase(models.TransientModel):
    """Before a person is erased: what stands in the way, what goes, what stays."""

    _name = "tibillet.person.erase"
    _description = "Erase a person from TiBillet"
    _rec_name = "id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    obstacles = fields.Html(compute="_compute_obstacles", sanitize=False)
    understood = fields.Boolean(string="The person asked for it, and I know that it is for good")

    @api.depends("partner_id")
    def _compute_obstacles(self):
        for erase in self:
            sentences = (
                erase.partner_id._tibillet_erase_obstacles()
                if erase.env.user.has_group("tibillet_wallet.tibillet_wallet_group_manager")
                else []
            )
            erase.obstacles = (
                Markup("<ul>%s</ul>")
                % Markup("").join(Markup("<li>%s</li>") % sentence for sentence in sentences)
                if sentences
                else False
            )

    def action_erase(self):
        """Erase, once it was confirmed.

        :raises LedgerError: ``not_allowed`` with every obstacle
        """
        self.ensure_one()
        self.check_access("write")
        if not self.understood:
            raise self.env["tibillet.ledger"]._refusal(
                "invalid", self.env._("Tick that the person asked for it. Nothing was erased.")
            )
        self.partner_id._tibillet_erase()
        form_sudo = self.sudo()  # it names the person
        form_sudo.unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Nothing here leads to this person any more."),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
