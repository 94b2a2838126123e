"""The evening as it goes, beside the same evening last time."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

DAY_BEGINS = time(4)
WEEKS_BACK = 8


class TibilletLive(models.AbstractModel):
    _name = "tibillet.live"
    _description = "Live page"

    @api.model
    def tibillet_live(self, config_id=None):
        """Figures of the sessions of this business day, those of the Z.

        A business day begins at four in the morning, on the reader's clock. Sessions that are
        still open belong to it, whenever they were opened.

        :param config_id: one till; all of the company when left out
        :returns: ``{"company", "currency", "tills", "open", "figures", "quarters", "last"}``
        :raises AccessError: for anyone but a till manager
        """
        if not self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager"):
            raise AccessError(self.env._("Only a till manager reads the live page."))
        company = self.env.company
        configs = self.env["pos.config"].search([("company_id", "=", company.id)])
        chosen = configs.filtered(lambda config: config.id == config_id) or configs
        begins = self._day_begins(fields.Datetime.now())
        sessions_sudo = self._sessions(chosen, begins)
        figures = self.env["tibillet.figures"].sudo()  # orders, ledger and taxes of the tills
        currency = sessions_sudo.currency_id[:1] or company.currency_id
        return {
            "company": company.name,
            "currency": {"id": currency.id, "decimals": currency.decimal_places},
            "configs": [{"id": config.id, "name": config.name} for config in configs],
            "open": len(sessions_sudo.filtered(lambda session: session.state != "closed")),
            "sessions": len(sessions_sudo),
            "figures": figures._compute_figures(sessions_sudo),
            "quarters": figures._quarters(sessions_sudo),
            "last": self._last_time(chosen, begins),
        }

    @api.model
    def _zone(self):
        return pytz.timezone(self.env.user.tz or "Europe/Paris")

    @api.model
    def _day_begins(self, moment):
        """When the business day of a moment began, both in UTC without zone."""
        zone = self._zone()
        local = pytz.utc.localize(moment).astimezone(zone)
        day = local.date() - timedelta(days=local.time() < DAY_BEGINS)
        begins = zone.localize(datetime.combine(day, DAY_BEGINS))
        return begins.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _sessions(self, configs, begins):
        sessions_sudo = self.env["pos.session"].sudo()  # of colleagues too
        return sessions_sudo.search(
            [
                ("config_id", "in", configs.ids),
                ("start_at", "!=", False),
                "|",
                ("state", "!=", "closed"),
                ("start_at", ">=", begins),
            ]
        )

    @api.model
    def _last_time(self, configs, begins):
        """The last same weekday with sales: whole, and until the same time of day."""
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id, s.start_at FROM pos_session s
                    WHERE s.config_id = ANY(%(configs)s) AND s.state = 'closed'
                      AND s.start_at >= %(from)s AND s.start_at < %(until)s
                      AND EXISTS (SELECT 1 FROM pos_order o
                                   WHERE o.session_id = s.id
                                     AND o.state IN ('paid', 'done', 'invoiced'))""",
                **{
                    "configs": configs.ids or [0],
                    "from": begins - timedelta(days=7 * WEEKS_BACK + 1),
                    "until": begins - timedelta(days=5),
                },
            )
        )
        by_day = {}
        for session_id, start_at in rows:
            by_day.setdefault(self._local_day(start_at), []).append(session_id)
        today = self._local_day(begins)
        for weeks in range(1, WEEKS_BACK + 1):
            day = today - timedelta(days=7 * weeks)
            if day in by_day:
                return self._describe_last(by_day[day], day, timedelta(days=7 * weeks))
        return False

    @api.model
    def _local_day(self, moment):
        begins = pytz.utc.localize(self._day_begins(moment))
        return begins.astimezone(self._zone()).date()

    @api.model
    def _describe_last(self, session_ids, day, ago):
        sessions_sudo = self.env["pos.session"].sudo().browse(session_ids)
        quarters = self.env["tibillet.figures"].sudo()._quarters(sessions_sudo)
        until = fields.Datetime.to_string(fields.Datetime.now() - ago)
        return {
            "day": fields.Date.to_string(day),
            "turnover": sum(row["amount"] for row in quarters),
            "until_now": sum(row["amount"] for row in quarters if row["at"] <= until),
            "quarters": [
                row
                | {"at": fields.Datetime.to_string(fields.Datetime.to_datetime(row["at"]) + ago)}
                for row in quarters
            ],
        }
