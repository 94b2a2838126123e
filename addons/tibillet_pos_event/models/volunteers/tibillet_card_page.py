from odoo import api, models

from odoo.addons.tibillet_pos_nfc.models.cardpage.tibillet_card_page import SILENT
from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletCardPage(models.AbstractModel):
    _inherit = "tibillet.card.page"

    @api.model
    def _page(self, session, card_sudo):
        """Beside it what a volunteer takes today, and the shift that they come to or leave."""
        page = super()._page(session, card_sudo) | {"day_rights": [], "shift": ""}
        if card_sudo.state in SILENT:
            return page
        rows = self.env["tibillet.shift.volunteer"]
        company = session.company_id
        try:
            page["day_rights"] = self.env["tibillet.day.right"]._at_till(card_sudo, company)
            shift = rows._tibillet_row_of(card_sudo).shift_id
        except LedgerError:  # the page says of the card what there is to say
            return page
        if shift and shift.company_id == company:
            page["shift"] = f"{shift.name} · {shift._when()}"
        return page
