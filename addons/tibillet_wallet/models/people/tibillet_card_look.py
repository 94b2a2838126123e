from markupsafe import Markup

from odoo import models


class TibilletCard(models.Model):
    """How a card and what it holds are shown to staff."""

    _inherit = "tibillet.card"

    def _look(self):
        """``yes`` (can be used), ``no``, or ``wait`` (nobody's yet): shape and colour."""
        self.ensure_one()
        return {"anonymous": "yes", "claimed": "yes", "blank": "wait"}.get(self.state, "no")

    def _state_sentence(self):
        """The state as a desk says it."""
        self.ensure_one()
        return {
            "blank": self.env._("Blank: not handed out yet"),
            "anonymous": self.env._("Can be used, in nobody's name"),
            "claimed": self.env._("Can be used, in somebody's name"),
            "lost": self.env._("Lost: keep it for its holder"),
            "blocked": self.env._("Blocked: nothing can be paid with it"),
            "replaced": self.env._("Replaced by another card"),
            "retired": self.env._("Out of use"),
        }[self.state]

    def _shown_balances(self, company):
        """What the card holds that ``company`` issues or takes, and what it owes there.

        :return: [(asset's name, amount, on hold or empty)], as people read them; nothing of
            what other places issue for themselves
        """
        self.ensure_one()
        wallet_sudo = self.sudo().wallet_id  # called by acts that found the card
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT a.asset_id, a.balance_minor, a.held_minor
              FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
             WHERE a.wallet_id = %(wallet)s AND (a.balance_minor <> 0 OR a.held_minor <> 0)
               AND (s.company_id = %(company)s OR EXISTS (
                    SELECT FROM tibillet_acceptance c
                     WHERE c.asset_id = s.id AND c.company_id = %(company)s
                       AND c.state = 'active'
                       AND c.contract_date <= tibillet_business_day(c.company_id)
                       AND (c.end_date IS NULL
                            OR c.end_date >= tibillet_business_day(c.company_id))))
             ORDER BY s.kind = 'claim', s.refundable DESC, s.spend_sequence, s.id
            """,
            {"wallet": wallet_sudo.id, "company": company.id},
        )
        assets_sudo = self.env["tibillet.asset"].sudo()  # names and units
        rows = []
        for asset_id, balance_minor, held_minor in self.env.cr.fetchall():
            asset_sudo = assets_sudo.browse(asset_id)
            held = asset_sudo._format(held_minor) if held_minor else ""
            rows.append((asset_sudo.name, asset_sudo._format(balance_minor), held))
        return rows

    def _balances_html(self, company):
        """The same as rows of a small table; a sentence when there is nothing."""
        rows = self._shown_balances(company)
        if not rows:
            return Markup("<p class='mb-0'>%s</p>") % self.env._("Nothing that is taken here.")
        held = self.env._("of which on hold: %s")
        lines = Markup("").join(
            Markup(
                "<tr><td class='w-100'>%s%s</td>"
                "<td class='text-end text-nowrap fs-4' style='font-variant-numeric:tabular-nums'>"
                "%s</td></tr>"
            )
            % (
                name,
                Markup("<div class='small text-muted'>%s</div>") % (held % on_hold)
                if on_hold
                else "",
                amount,
            )
            for name, amount, on_hold in rows
        )
        return Markup("<table class='table table-sm mb-0'><tbody>%s</tbody></table>") % lines
