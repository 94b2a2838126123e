"""The licence of who organises shows: checked when written, told before it ends."""

import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

# practice-france 17: PLATESV-D-2024-001234 (since 2019) or L-D-24-1234; R is a receipt.
LICENCE = re.compile(r"(?:PLATESV-[DR]-(\d{4})|L-[DR]-(\d{2}))-\d{1,6}")
STAGES = (15, 60)
MANAGER = "tibillet_event.tibillet_event_group_manager"
ACTIVITY = "tibillet_event.mail_activity_type_licence"


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_licence = fields.Char(
        string="Show licence",
        help="PLATESV-D-AAAA-… or L-D-AA-…; several, one per category, with commas between.",
    )
    tibillet_licence_until = fields.Date(string="Licence valid until")
    tibillet_licence_told = fields.Integer(
        help="The stage, in days before the end, of which the managers were told.",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_licence(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_licence(vals))

    @api.model
    def _with_licence(self, vals):
        """Licences as they are printed: capitals, one comma and one space between."""
        if not vals.get("tibillet_licence"):
            return vals
        numbers = re.split(r"[\s,;]+", vals["tibillet_licence"].strip().upper())
        return {**vals, "tibillet_licence": ", ".join(number for number in numbers if number)}

    @api.constrains("tibillet_licence", "tibillet_licence_until")
    def _check_tibillet_licence(self):
        this_year = fields.Date.context_today(self).year
        for company in self:
            for number in (company.tibillet_licence or "").split(", "):
                found = LICENCE.fullmatch(number) if number else None
                year = found and int(found[1] or f"20{found[2]}")
                if number and not (found and 2000 <= year <= this_year):
                    raise ValidationError(
                        self.env._(
                            "“%s” is not the number of a show licence. It reads"
                            " PLATESV-D-AAAA-… or L-D-AA-…, for instance PLATESV-D-2024-001234 or"
                            " L-D-24-1234.",
                            number,
                        )
                    )
            if company.tibillet_licence_until and not company.tibillet_licence:
                raise ValidationError(
                    self.env._("Write the number of the licence beside the day it ends.")
                )

    # -- told before it ends ---------------------------------------------------------------------

    def _tibillet_licence_stage(self, today):
        """15 or 60 when the licence ends within so many days (or has ended), else 0."""
        self.ensure_one()
        if not (self.tibillet_licence and self.tibillet_licence_until):
            return 0
        left = self.tibillet_licence_until - today
        return next((days for days in STAGES if left <= timedelta(days=days)), 0)

    @api.model
    def _tibillet_cron_licence(self):
        """Every day: one activity per manager at 60 and at 15 days; none once it is renewed."""
        today = fields.Date.context_today(self)
        companies = self.search(
            ["|", ("tibillet_licence_until", "!=", False), ("tibillet_licence_told", "!=", 0)]
        )
        for company in companies:
            stage = company._tibillet_licence_stage(today)
            if stage != company.tibillet_licence_told:
                company.partner_id.activity_unlink([ACTIVITY])
                company.tibillet_licence_told = stage
                if stage:
                    company._tibillet_tell_licence()
            self.env["ir.cron"]._commit_progress(1)

    def _tibillet_tell_licence(self):
        for user in self.env.ref(MANAGER).all_user_ids:
            if not user.active or user.share or self not in user.company_ids:
                continue
            told = self.with_context(lang=user.lang)
            told.partner_id.activity_schedule(
                ACTIVITY,
                date_deadline=self.tibillet_licence_until,
                summary=told._tibillet_licence_sentence(),
                user_id=user.id,
            )

    def _tibillet_licence_sentence(self):
        return self.env._(
            "The show licence of %(company)s ends on %(day)s: ask for a new one.",
            company=self.name,
            day=format_date(self.env, self.tibillet_licence_until),
        )
