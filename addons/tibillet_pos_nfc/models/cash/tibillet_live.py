"""The evening as it goes, beside the same evening last time."""

from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

WEEKS_BACK = 8
LONG_AGO = datetime(2000, 1, 1)


class TibilletLive(models.AbstractModel):
    _name = "tibillet.live"
    _description = "Live page"

    @api.model
    def tibillet_live(self, config_id=None, evening_id=None):
        """Figures of this business day, or of one evening: those of the Z.

        A business day begins when the place says so, on the place's clock, and is whole
        sessions; those still open belong to it, whenever they were opened. An evening is what
        was sold between its two hours, by the clock of the sale, in whatever session.

        :param config_id: one till; all of the company when left out
        :param evening_id: a ``tibillet.evening``; 0 for the business day; left out, the one
            that goes on now, if there is one
        :returns: ``{"company", "currency", "configs", "evenings", "evening", "open", "sessions",
            "figures", "tills", "quarters", "last"}``; amounts in minor units
        :raises AccessError: for anyone but a till manager
        """
        if not self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager"):
            raise AccessError(self.env._("Only a till manager reads the live page."))
        company = self.env.company
        evening = self._evening(evening_id)
        own = self.env["pos.config"].search([("company_id", "=", company.id)])
        configs = evening._tills() & own if evening else own
        chosen = configs.filtered(lambda config: config.id == config_id) or configs
        if evening:
            window = evening._window()
            sessions_sudo = self._sessions_within(chosen, *window)
            last = self._last_evening(evening, chosen, bool(config_id))
        else:
            begins, window = self._day_begins(fields.Datetime.now()), None
            sessions_sudo = self._sessions(chosen, begins)
            last = self._last_time(chosen, begins)
        figures_sudo = self.env["tibillet.figures"].sudo()  # orders, ledger and taxes of the tills
        currency = sessions_sudo.currency_id[:1] or company.currency_id
        return {
            "company": company.name,
            "currency": {"id": currency.id, "decimals": currency.decimal_places},
            "configs": [{"id": config.id, "name": config.name} for config in configs],
            "evenings": self._evenings(),
            "evening": self._describe(evening) if evening else False,
            "open": len(sessions_sudo.filtered(lambda session: session.state != "closed")),
            "sessions": len(sessions_sudo),
            "figures": figures_sudo._compute_figures(sessions_sudo, window, live=True),
            "tills": figures_sudo._live_tills(sessions_sudo, window),
            "quarters": figures_sudo._quarters(sessions_sudo, window),
            "last": last,
        }

    # -- evenings ------------------------------------------------------------------------

    @api.model
    def _evening(self, evening_id):
        """The one asked for, of this place, or the one that goes on now; perhaps none."""
        now = fields.Datetime.now()
        domain = [("company_id", "=", self.env.company.id)]
        if evening_id is None:
            domain += [("begins_at", "<=", now), ("ends_at", ">", now)]
        elif type(evening_id) is int and 0 < evening_id < 2**31:
            domain += [("id", "=", evening_id)]
        else:
            return self.env["tibillet.evening"]
        return self.env["tibillet.evening"].search(domain, limit=1)

    @api.model
    def _evenings(self):
        """Those to choose from: of the last two months and the next day."""
        now = fields.Datetime.now()
        evenings = self.env["tibillet.evening"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("ends_at", ">=", now - timedelta(days=60)),
                ("begins_at", "<=", now + timedelta(days=1)),
            ],
            limit=40,
        )
        return [self._describe(evening) for evening in evenings]

    @api.model
    def _describe(self, evening):
        return {
            "id": evening.id,
            "name": evening.name,
            "begins_at": fields.Datetime.to_string(evening.begins_at),
            "ends_at": fields.Datetime.to_string(evening.ends_at),
        }

    @api.model
    def _sessions_within(self, configs, begins, ends):
        """Sessions open at that time, and any other that a sale of that time has come to."""
        sold = Domain("date_order", ">=", begins) & Domain("date_order", "<", ends)
        lasted = Domain("start_at", "<", ends) & (
            Domain("stop_at", "=", False) | Domain("stop_at", ">=", begins)
        )
        sessions_sudo = self.env["pos.session"].sudo()  # of colleagues too
        return sessions_sudo.search(
            Domain("config_id", "in", configs.ids)
            & Domain("start_at", "!=", False)
            & (lasted | Domain("order_ids", "any", sold))
        )

    @api.model
    def _last_evening(self, evening, chosen, one_till):
        """The evening it is compared with; without one, the same hours some weeks before."""
        before, begins, ends = evening.last_id, *evening._window()
        if before:
            configs = chosen if one_till else before._tills()
            sessions_sudo = self._sessions_within(configs, *before._window())
            ago = begins - before.begins_at
            return self._describe_last(
                sessions_sudo,
                self._local_day(before.begins_at),
                ago,
                before._window(),
                before.name,
            )
        for weeks in range(1, WEEKS_BACK + 1):
            ago = timedelta(days=7 * weeks)
            window = (begins - ago, ends - ago)
            sessions_sudo = self._sessions_within(chosen, *window)
            if self._sold(sessions_sudo, window):
                return self._describe_last(sessions_sudo, self._local_day(window[0]), ago, window)
        return False

    @api.model
    def _sold(self, sessions_sudo, window):
        orders_sudo = self.env["pos.order"].sudo()  # of colleagues too
        return orders_sudo.search_count(
            [
                ("session_id", "in", sessions_sudo.ids),
                ("state", "in", ("paid", "done")),
                ("date_order", ">=", window[0]),
                ("date_order", "<", window[1]),
            ],
            limit=1,
        )

    # -- the business day ----------------------------------------------------------------

    @api.model
    def _day_begins(self, moment):
        """When the business day of a moment began, both in UTC without zone."""
        place_sudo = self.env["tibillet.place"]._of_company(self.env.company)
        return place_sudo._day_start(place_sudo._business_day(moment))

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
                sessions_sudo = self.env["pos.session"].sudo().browse(by_day[day])  # colleagues'
                return self._describe_last(sessions_sudo, day, timedelta(days=7 * weeks))
        return False

    @api.model
    def _local_day(self, moment):
        return self.env["tibillet.place"]._of_company(self.env.company)._business_day(moment)

    @api.model
    def _describe_last(self, sessions_sudo, day, ago, window=None, name=""):
        """What it made in all, what it had made by this time, and its quarters moved to now."""
        figures_sudo = self.env["tibillet.figures"].sudo()  # orders of these tills
        begins, ends = window or (LONG_AGO, datetime.max)
        by_now = (begins, min(ends, fields.Datetime.now() - ago))
        quarters = figures_sudo._quarters(sessions_sudo, window)
        then = figures_sudo._live_sum(sessions_sudo, by_now)
        return {
            "name": name,
            "day": fields.Date.to_string(day),
            "turnover": sum(row["amount"] for row in quarters),
            "until_now": then["amount"],
            "then": then,
            "quarters": [
                row
                | {"at": fields.Datetime.to_string(fields.Datetime.to_datetime(row["at"]) + ago)}
                for row in quarters
            ],
        }
