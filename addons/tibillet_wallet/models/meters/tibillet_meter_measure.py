"""Reading the meters from the transfers, every night, in a fixed number of statements."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..settlement.tibillet_settlement import ACCOUNTANT
from .tibillet_meter import METERS, WARNED_AT

MONTHS = 12


class TibilletMeter(models.Model):
    _inherit = "tibillet.meter"

    @api.model
    def _cron_measure(self):
        """A row for every issuer of something backed, measured; who is near a limit is told."""
        self._of_every_issuer()._measure()

    @api.model
    def _of_every_issuer(self):
        """The meters of all issuers, in sudo, made on first need."""
        meters_sudo = self.sudo()  # for all companies
        assets_sudo = meters_sudo.env["tibillet.asset"].with_context(active_test=False)
        issuers_sudo = assets_sudo.search([("backed", "=", True)]).company_id
        known_sudo = meters_sudo.search([])
        return known_sudo | meters_sudo.create(
            [{"company_id": company.id} for company in issuers_sudo - known_sudo.company_id]
        )

    def _measure(self):
        self.env.flush_all()
        paid, held, load = self._paid(), self._held(), self._loads()
        for meter in self:
            company = meter.company_id.id
            meter.write(
                {
                    "measured_at": fields.Datetime.now(),
                    "paid_minor": max(0, paid.get(company, 0)),
                    "held_minor": held.get(company, 0),
                    "load_minor": load.get(company, 0),
                }
            )
            meter._warn()

    def _paid(self):
        """Company id → what was paid at places of others in twelve months, what they gave back
        and what was corrected taken off (CMF L. 521-3 II: payment operations)."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT s.company_id,
                           sum(CASE WHEN cw.kind = 'place' THEN t.amount_minor
                                    ELSE -t.amount_minor END)::bigint
                      FROM tibillet_operation o
                      JOIN tibillet_transfer t ON t.operation_id = o.id
                      JOIN tibillet_asset s ON s.id = t.asset_id AND s.backed
                      JOIN tibillet_account da ON da.id = t.debit_account_id
                      JOIN tibillet_wallet dw ON dw.id = da.wallet_id
                      JOIN tibillet_account ca ON ca.id = t.credit_account_id
                      JOIN tibillet_wallet cw ON cw.id = ca.wallet_id
                     WHERE o.state = 'posted' AND s.company_id = ANY(%(companies)s)
                       AND o.occurred_at >= tibillet_now() - make_interval(months => %(months)s)
                       AND (dw.kind IN ('person', 'card') AND cw.kind = 'place'
                                AND cw.company_id IS DISTINCT FROM s.company_id
                            OR cw.kind IN ('person', 'card') AND dw.kind = 'place'
                                AND dw.company_id IS DISTINCT FROM s.company_id)
                     GROUP BY s.company_id""",
                    companies=self.company_id.ids,
                    months=MONTHS,
                )
            )
        )

    def _held(self):
        """Company id → what people and cards hold (CMF L. 525-6: money in circulation)."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT s.company_id, sum(a.balance_minor)::bigint
                      FROM tibillet_account a
                      JOIN tibillet_asset s ON s.id = a.asset_id AND s.backed
                     WHERE a.balance_minor IS NOT NULL AND s.company_id = ANY(%s)
                     GROUP BY s.company_id""",
                    self.company_id.ids,
                )
            )
        )

    def _loads(self):
        """Company id → the most that one holder has of it (CMF L. 525-5: highest load)."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT company_id, max(held_minor)::bigint
                      FROM (SELECT s.company_id, a.wallet_id, sum(a.balance_minor) AS held_minor
                              FROM tibillet_account a
                              JOIN tibillet_asset s ON s.id = a.asset_id AND s.backed
                             WHERE a.balance_minor > 0 AND s.company_id = ANY(%s)
                             GROUP BY s.company_id, a.wallet_id) holder
                     GROUP BY company_id""",
                    self.company_id.ids,
                )
            )
        )

    # -- who is told ---------------------------------------------------------------------

    def _warn(self):
        """Tell the issuer's accountants at each level, once; anew after it fell below."""
        self.ensure_one()
        for name in METERS:
            percent = self[f"{name}_percent"]
            level = max((at for at in WARNED_AT if percent >= at), default=0)
            if level > self[f"{name}_warned"]:
                self._tell(name, percent)
            if level != self[f"{name}_warned"]:
                self[f"{name}_warned"] = level
            if level >= 100 and not self.crossed_on:
                self.crossed_on = fields.Date.context_today(self)

    def _tell(self, name, percent):
        users_sudo = self.env.ref(ACCOUNTANT).all_user_ids.filtered(
            lambda user: user.active and user.company_id == self.company_id
        )
        for user_sudo in users_sudo:
            meter = self.with_context(lang=user_sudo.lang)
            meter.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user_sudo.id,
                summary=meter.env._(
                    "%(issuer)s, %(meter)s: %(percent)s %% of the limit",
                    issuer=meter.company_id.name,
                    meter=meter._fields[name]._description_string(meter.env),
                    percent=int(percent),
                ),
                note=meter._source_of(name),
            )

    def _source_of(self, name):
        """The text that a meter comes from, in a sentence."""
        return {
            "paid": self.env._(
                "Code monétaire et financier, L. 521-3 II: beyond one million euros of payments "
                "in twelve months, the limited network is declared to the ACPR."
            ),
            "held": self.env._(
                "Code monétaire et financier, L. 525-6: beyond one million euros in circulation, "
                "it is declared to the ACPR, and every year anew."
            ),
            "load": self.env._(
                "Code monétaire et financier, L. 525-5: the most that a card may hold is set by "
                "decree (250 € by a secondary source; the decree was not found)."
            ),
        }[name]
