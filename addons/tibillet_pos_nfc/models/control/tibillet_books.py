"""What card payments on clearing wait for: a session to be closed, an order, a transfer."""

from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _waits_for(self, company, operation_ids):
        waits = super()._waits_for(company, operation_ids)
        for kind, model, statement in (
            ("order", "tibillet.device", self._devices_sql(operation_ids)),
            ("session", "pos.session", self._sessions_sql(operation_ids)),
            ("transfer", "tibillet.payback", self._paybacks_sql(operation_ids)),
        ):
            rows = self.env.execute_query(statement)
            records_sudo = self.env[model].sudo().browse({res_id for _id, res_id in rows})
            names = {record.id: self._waiting_name(kind, record) for record in records_sudo}
            waits |= {id_: (kind, (model, res_id), names[res_id]) for id_, res_id in rows}
        return waits

    @api.model
    def _waiting_name(self, kind, record_sudo):
        if kind == "order":
            return self.env._(
                "%(device)s, %(till)s: its order has not arrived",
                device=record_sudo.name,
                till=record_sudo.config_id.name,
            )
        if kind == "session" and record_sudo.state == "closed":
            return self.env._("%s, closed: its entry is missing", record_sudo.name)
        if kind == "session":
            return self.env._(
                "%(session)s, %(till)s: still open",
                session=record_sudo.name,
                till=record_sudo.config_id.name,
            )
        return self.env._("Bank transfer of %s", record_sudo.display_name)

    @api.model
    def _devices_sql(self, operation_ids):
        """Whichever machine did it; what an order names as well is told by its session."""
        return SQL(
            """SELECT o.id, d.id FROM tibillet_operation o
                 JOIN tibillet_device d ON o.origin = 'device:' || d.id
                WHERE o.id = ANY(%s)""",
            operation_ids,
        )

    @api.model
    def _sessions_sql(self, operation_ids):
        """Orders by the key of their payment or of the line that loaded a card."""
        return SQL(
            """SELECT o.id, r.session_id
                 FROM tibillet_operation o
                 JOIN tibillet_device d ON o.origin = 'device:' || d.id
                 JOIN pos_payment p
                   ON p.tibillet_device_id = d.id
                  AND p.transaction_id = regexp_replace(o.key, '/(late|shortfall)$', '')
                 JOIN pos_order r ON r.id = p.pos_order_id
                WHERE o.id = ANY(%(ids)s)
                UNION
               SELECT o.id, r.session_id
                 FROM tibillet_operation o
                 JOIN tibillet_device d ON o.origin = 'device:' || d.id
                 JOIN pos_order_line l
                   ON l.tibillet_operation_key = regexp_replace(o.key, '/cash$', '')
                 JOIN pos_order r ON r.id = l.order_id
                  AND COALESCE(l.tibillet_device_id, r.tibillet_device_id) = d.id
                WHERE o.id = ANY(%(ids)s)""",
            ids=operation_ids,
        )

    @api.model
    def _paybacks_sql(self, operation_ids):
        return SQL(
            "SELECT p.operation_id, p.id FROM tibillet_payback p WHERE p.operation_id = ANY(%s)",
            operation_ids,
        )
