from odoo import models
from odoo.tools import SQL


class TibilletTicketDeferral(models.TransientModel):
    """Places sold at the tills, in the closings that were posted, or in an order's own invoice."""

    _inherit = "tibillet.ticket.deferral"

    def _rows(self):
        """What invoices of sales orders hold, and what the tills do: no line is in both."""
        found = {}
        for event, account, amount in super()._rows() + self._rows_of_tills():
            found[event, account] = found.get((event, account), 0) + amount
        rows = [
            (event, account, self.currency_id.round(amount))
            for (event, account), amount in sorted(found.items())
        ]
        return [row for row in rows if not self.currency_id.is_zero(row[2])]

    def _rows_of_tills(self):
        """List of (event id, account id, amount without VAT), gifts taken off as the Z does.

        Whatever was brought back at a till is a line of its own, on the day of its own closing.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event, product, fiscal, array_agg(id ORDER BY id), sum(net)
                  FROM (%(sold)s) sold
                 GROUP BY event, product, fiscal, move
                """,
                sold=self._sold_at_tills(),
            )
        )
        return [
            (event, account, net)
            for event, _product, _fiscal, lines, net in rows
            if (account := self._till_account(lines[0]))
        ]

    def _sold_at_tills(self):
        """Lines of places of later events in posted entries until the closing."""
        return SQL(
            """
            SELECT l.id, e.id AS event, l.product_id AS product, m.id AS move,
                   o.fiscal_position_id AS fiscal,
                   (l.price_subtotal - COALESCE(l.tibillet_gift_net, 0))
                       / COALESCE(NULLIF(o.currency_rate, 0), 1) AS net
              FROM pos_order_line l
              JOIN pos_order o ON o.id = l.order_id
              JOIN pos_session s ON s.id = o.session_id
              JOIN LATERAL (
                   SELECT m.id FROM account_move m
                    WHERE m.id IN (s.move_id, o.account_move) AND m.state = 'posted'
                      AND m.company_id = %(company)s AND m.date <= %(day)s
                    ORDER BY m.id = o.account_move DESC LIMIT 1) m ON true
              LEFT JOIN pos_order_line b ON b.id = l.refunded_orderline_id
              JOIN event_event_ticket t ON t.id = COALESCE(b.event_ticket_id, l.event_ticket_id)
              JOIN event_event e ON e.id = t.event_id
              LEFT JOIN LATERAL (
                   SELECT p.start_datetime FROM event_registration r
                     JOIN event_slot p ON p.id = r.event_slot_id
                    WHERE r.pos_order_line_id = COALESCE(b.id, l.id)
                    ORDER BY r.id LIMIT 1) p ON true
             WHERE o.company_id = %(company)s AND o.state IN ('paid', 'done')
               AND COALESCE(p.start_datetime, e.date_begin) >= %(after)s
            """,
            company=self.company_id.id,
            day=self.day,
            after=self._after(),
        )

    def _till_account(self, line):
        """Account id of the income of a till's line: where its own entry has it."""
        # sudo: an accountant keeps no till; accounts and products of the own company
        line_sudo = self.env["pos.order.line"].sudo().browse(line)
        order_sudo = line_sudo.order_id.with_company(self.company_id)
        product_sudo = line_sudo.product_id.with_company(self.company_id)
        account_sudo = (
            product_sudo._get_product_accounts()["income"]
            or order_sudo.config_id.journal_id.default_account_id
        )
        if order_sudo.fiscal_position_id:
            account_sudo = order_sudo.fiscal_position_id.map_account(account_sudo)
        taxes_sudo = line_sudo.tax_ids_after_fiscal_position.flatten_taxes_hierarchy()
        moves_sudo = order_sudo.account_move | order_sudo.session_id.move_id
        posted_sudo = moves_sudo.line_ids.filtered(
            lambda one: one.tax_ids == taxes_sudo and one.account_id.internal_group == "income"
        ).account_id
        # a product that was given another account since: its turnover stays where it was
        return (account_sudo if account_sudo in posted_sudo else posted_sudo[:1] or account_sudo).id
