"""The control of cups: what the books owe for them is what is out, at its rate."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.models.control.tibillet_books import Reason, Row


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _control_rows(self, company):
        return [*super()._control_rows(company), *self._control_cup_rows(company)]

    @api.model
    def _control(self, company):
        """Cups out at their rate count as well: the health page asks this."""
        control = super()._control(company)
        books_sudo = self.sudo()  # orders of every cashier, summed
        cups_minor = sum(row.rest_minor for row in books_sudo._control_cup_rows(company))
        return {**control, "cups_minor": cups_minor, "ok": control["ok"] and not cups_minor}

    @api.model
    def _control_cup_rows(self, company):
        """One's own cups out, at the rate that was paid for each, less what is kept."""
        roles_sudo = self.env["tibillet.book.account"].sudo()  # the books' own accounts
        role_sudo = roles_sudo.search([("company_id", "=", company.id), ("role", "=", "deposit")])
        if not role_sudo:
            return []
        sessions = self._cups_of_sessions(company)
        [(elsewhere_minor, kept_minor)] = self.env.execute_query(
            SQL(
                """SELECT (SELECT COALESCE(sum(m.amount), 0) FROM tibillet_deposit_mirror m
                            WHERE m.company_id = %(company)s AND m.move_id IS NOT NULL)
                          * %(unit)s,
                          (SELECT COALESCE(sum(k.amount), 0) FROM tibillet_deposit_kept k
                            WHERE k.company_id = %(company)s AND k.state = 'kept') * %(unit)s""",
                company=company.id,
                unit=10**company.currency_id.decimal_places,
            )
        )
        out_minor = sum(row[1] for row in sessions) + round(elsewhere_minor) - round(kept_minor)
        open_minor = sum(row[1] for row in sessions if not row[3])
        books_minor = -self._balance_minor(
            role_sudo.account_id, company.currency_id.decimal_places, company
        )
        rest_minor = books_minor - (out_minor - open_minor)
        return [
            Row(
                "deposit",
                None,
                None,
                role_sudo.account_id,
                company.currency_id,
                books_minor,
                out_minor,
                rest_minor,
            )
        ]

    @api.model
    def _cups_of_sessions(self, company):
        """Own cups by session: ``(session id, minor units, since, in the books)``."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT o.session_id,
                          round(sum(l.price_subtotal_incl) * %(unit)s)::bigint,
                          min(o.date_order),
                          bool_and(COALESCE(own.state, closing.state) = 'posted') IS TRUE
                     FROM pos_order_line l
                     JOIN pos_order o ON o.id = l.order_id
                     JOIN pos_session s ON s.id = o.session_id
                     JOIN product_product p ON p.id = l.product_id
                     JOIN product_template t ON t.id = p.product_tmpl_id
                     LEFT JOIN account_move own ON own.id = o.account_move
                     LEFT JOIN account_move closing ON closing.id = s.move_id
                    WHERE t.tibillet_deposit AND l.tibillet_deposit_owner_id IS NULL
                      AND o.company_id = %(company)s
                      AND o.state IN ('paid', 'done', 'invoiced')
                 GROUP BY o.session_id, o.account_move IS NULL""",
                unit=10**company.currency_id.decimal_places,
                company=company.id,
            )
        )

    @api.model
    def _control_reasons(self, company):
        """An open till's cups stand in no books yet."""
        reasons = super()._control_reasons(company)
        named = {reason.key for reason in reasons}
        for session_id, minor, since, booked in self._cups_of_sessions(company):
            if booked or not minor or ("pos.session", session_id) in named:
                continue
            session_sudo = self.env["pos.session"].sudo().browse(session_id)  # its name
            reasons.append(
                Reason(
                    "session",
                    ("pos.session", session_id),
                    self._waiting_name("session", session_sudo),
                    0,
                    1,
                    since,
                )
            )
        return sorted(reasons, key=lambda reason: (reason.since, reason.name))


class TibilletControlLine(models.Model):
    _inherit = "tibillet.control.line"

    kind = fields.Selection(
        selection_add=[("deposit", "Cups out")], ondelete={"deposit": "cascade"}
    )

    @api.model
    def _values(self, control, row):
        values = super()._values(control, row)
        if row.kind == "deposit":
            values["name"] = self.env._("Cups out")
        return values
