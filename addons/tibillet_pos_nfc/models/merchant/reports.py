"""What a merchant sold is none of the place's turnover: in no report that sums up the place."""

from odoo import api, models
from odoo.fields import Domain


class ReportPosOrder(models.Model):
    _inherit = "report.pos.order"

    def _from(self):
        # A join, not a condition: what another addon adds comes after it.
        return (
            super()._from()
            + """
                INNER JOIN pos_order_line own_sale ON (
                    own_sale.id = l.id
                    AND NOT EXISTS (
                        SELECT 1 FROM pos_session ms
                          JOIN pos_config mc ON mc.id = ms.config_id
                         WHERE ms.id = s.session_id AND mc.tibillet_merchant_id IS NOT NULL))
        """
        )


class ReportSaleDetails(models.AbstractModel):
    _inherit = "report.point_of_sale.report_saledetails"

    def _get_domain(
        self, date_start=False, date_stop=False, config_ids=False, session_ids=False, **kwargs
    ):
        """Of one session or till that is named, its own; of the place, without merchants."""
        domain = super()._get_domain(date_start, date_stop, config_ids, session_ids, **kwargs)
        sessions_sudo = self.env["pos.session"].sudo().browse(session_ids or [])
        configs_sudo = self.env["pos.config"].sudo().browse(config_ids or [])
        named_sudo = sessions_sudo.config_id | configs_sudo
        if named_sudo and all(config.tibillet_merchant_id for config in named_sudo):
            return domain
        return Domain(domain) & Domain("session_id.config_id.tibillet_merchant_id", "=", False)


class TibilletLive(models.AbstractModel):
    _inherit = "tibillet.live"

    @api.model
    def _sessions_within(self, configs, begins, ends):
        return super()._sessions_within(self._of_the_place(configs), begins, ends)

    @api.model
    def _sessions(self, configs, begins):
        return super()._sessions(self._of_the_place(configs), begins)

    @api.model
    def _last_time(self, configs, begins):
        return super()._last_time(self._of_the_place(configs), begins)

    @api.model
    def _of_the_place(self, configs):
        """One stand that was chosen is shown by itself; in the place's sum it does not count."""
        if len(configs) == 1:
            return configs
        return configs.filtered(lambda config: not config.tibillet_merchant_id)
