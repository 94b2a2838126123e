"""How near two places are to the most that one may owe the other, and a word before."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...fields import BigInteger
from .tibillet_settlement import ACCOUNTANT

#: Percent of the ceiling at which the accountants of both sides are told, once each.
WARNED_AT = (75, 90, 100)


class TibilletAcceptance(models.Model):
    _name = "tibillet.acceptance"
    _inherit = ["tibillet.acceptance", "mail.activity.mixin"]

    owed_text = fields.Char(string="Owed now", compute="_compute_exposure")
    exposure_percent = fields.Integer(
        string="Of the ceiling (%)",
        compute="_compute_exposure",
        aggregator=None,
        help="At 100 % the place stops taking and loading this asset until the two settle.",
    )
    exposure_warned = fields.Integer(
        default=0, required=True, readonly=True, copy=False, aggregator=None
    )
    besides_minor = BigInteger(
        default=0,
        required=True,
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the issuer owes the place besides what stands on the place's account, when it "
        "was last looked at: paid back, less loaded. A tap reads it instead of summing.",
    )

    @api.depends("exposure_ceiling_minor", "asset_id", "company_id")
    @api.depends_context("lang")
    def _compute_exposure(self):
        """What one owes the other in this asset, in one query for any number."""
        owed = self._owed_by_pair()
        for acceptance in self:
            asset_sudo = acceptance.sudo().asset_id  # its unit
            owed_minor = abs(owed.get((asset_sudo.id, acceptance.company_id.id), 0))
            ceiling_minor = acceptance.exposure_ceiling_minor
            acceptance.owed_text = asset_sudo._format(owed_minor) if asset_sudo else False
            acceptance.exposure_percent = ceiling_minor and owed_minor * 100 // ceiling_minor

    def _owed_by_pair(self):
        """(asset id, place's company id) → what the issuer owes it, signed."""
        acceptances_sudo = self.sudo()  # the debts of both sides
        debts_sudo = acceptances_sudo.env["tibillet.debt"].search_read(
            [
                ("asset_id", "in", acceptances_sudo.asset_id.ids),
                ("place_company_id", "in", acceptances_sudo.company_id.ids),
            ],
            ["asset_id", "place_company_id", "amount_minor"],
        )
        return {
            (debt["asset_id"][0], debt["place_company_id"][0]): debt["amount_minor"]
            for debt in debts_sudo
        }

    # -- what a tap reads ------------------------------------------------------------------

    def write(self, vals):
        """A new ceiling binds from now on: what it is measured by is read anew."""
        result = super().write(vals)
        if "exposure_ceiling_minor" in vals:
            self._keep_besides()
        return result

    def _keep_besides(self, ahead_minor=0):
        """Write down what is owed besides what stands on the places' accounts; of all
        acceptances when called on none.

        A till takes less than it could, never more: a refund that is about to follow counts
        at once (``ahead_minor``), a load when it was done.
        """
        self.flush_model()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE tibillet_acceptance c SET besides_minor = n.minor
                     FROM (SELECT b.id, tibillet_owed_to_place(b.asset_id, b.company_id)
                                        - tibillet_taken_by(b.asset_id, b.company_id)
                                        + %s::bigint AS minor
                             FROM tibillet_acceptance b WHERE %s) n
                    WHERE c.id = n.id AND c.besides_minor <> n.minor""",
                ahead_minor,
                SQL("b.id = ANY(%s)", self.ids) if self else SQL("TRUE"),
            )
        )
        self.env["tibillet.acceptance"].invalidate_model(["besides_minor"])

    @api.model
    def _check_exposure(self, terms_sudo, change_minor):
        """Nor may either owe all others together more than was set for it.

        :raises LedgerError: ``limit_exceeded``
        """
        super()._check_exposure(terms_sudo, change_minor)
        issuer_sudo, place_sudo = terms_sudo.asset_id.company_id, terms_sudo.company_id
        if not change_minor or not (
            terms_sudo.exposure_ceiling_minor
            or issuer_sudo.tibillet_owed_ceiling_minor
            or place_sudo.tibillet_owed_ceiling_minor
        ):
            return
        terms_sudo._take_turn()
        terms_sudo._keep_besides()
        debtor_sudo, creditor_sudo = (
            (issuer_sudo, place_sudo) if change_minor > 0 else (place_sudo, issuer_sudo)
        )
        self._take_turn_of(debtor_sudo)
        room_minor = self._debtor_room(debtor_sudo, creditor_sudo)
        if room_minor is not None and abs(change_minor) > room_minor:
            raise self.env["tibillet.ledger"]._refusal(
                "limit_exceeded",
                self.env._(
                    "%(debtor)s may owe all other places together at most %(limit)s; %(left)s is "
                    "left towards %(creditor)s. Nothing was done: settle first.",
                    debtor=debtor_sudo.name,
                    limit=debtor_sudo._tibillet_owes_text(debtor_sudo.tibillet_owed_ceiling_minor),
                    left=debtor_sudo._tibillet_owes_text(room_minor),
                    creditor=creditor_sudo.name,
                ),
            )
        if change_minor > 0:
            terms_sudo._keep_besides(change_minor)

    @api.model
    def _take_turn_of(self, debtor_sudo):
        """One row for all that a place may come to owe: of two acts at once in two assets the
        later starts again and sees what the other did."""
        if debtor_sudo.tibillet_owed_ceiling_minor:
            acceptances_sudo = self.sudo()  # either side of it
            acceptances_sudo.search(
                [
                    "|",
                    ("company_id", "=", debtor_sudo.id),
                    ("asset_id.company_id", "=", debtor_sudo.id),
                ],
                order="id",
                limit=1,
            )._take_turn()

    @api.model
    def _debtor_room(self, debtor, creditor):
        """How much more ``debtor`` may come to owe ``creditor``; None without ceiling."""
        self.env.flush_all()
        self.env.cr.execute("SELECT tibillet_debtor_room(%s, %s)", [debtor.id, creditor.id])
        return self.env.cr.fetchone()[0]

    # -- a word before ---------------------------------------------------------------------

    @api.model
    def _cron_warn(self):
        """Tell the accountants of both sides when what is owed nears the ceiling; once for each
        level, and anew when it was settled in between."""
        self._keep_besides()
        self._warn_debtors()
        acceptances_sudo = self.sudo().search(
            [("state", "=", "active"), ("exposure_ceiling_minor", ">", 0)]
        )
        for acceptance_sudo in acceptances_sudo:
            percent = acceptance_sudo.exposure_percent
            level = max((at for at in WARNED_AT if percent >= at), default=0)
            if level > acceptance_sudo.exposure_warned:
                acceptance_sudo._warn(percent)
            if level != acceptance_sudo.exposure_warned:
                acceptance_sudo.exposure_warned = level

    @api.model
    def _warn_debtors(self):
        """The same for what a place owes all others: told to its accountants and to those of
        the places that it owes."""
        companies_sudo = self.env["res.company"].sudo()  # every place, whoever's the server is
        for debtor_sudo in companies_sudo.search([("tibillet_owed_ceiling_minor", ">", 0)]):
            percent = (
                debtor_sudo._tibillet_owed_in_all() * 100 // debtor_sudo.tibillet_owed_ceiling_minor
            )
            level = max((at for at in WARNED_AT if percent >= at), default=0)
            if level > debtor_sudo.tibillet_owed_warned:
                self._warn_of_debtor(debtor_sudo, percent)
            if level != debtor_sudo.tibillet_owed_warned:
                debtor_sudo.tibillet_owed_warned = level

    @api.model
    def _warn_of_debtor(self, debtor_sudo, percent):
        pairs_sudo = self.env["tibillet.debt.pair"].sudo()  # whom it owes
        told_sudo = debtor_sudo
        for pair_sudo in pairs_sudo.search(
            [
                "|",
                ("first_company_id", "=", debtor_sudo.id),
                ("second_company_id", "=", debtor_sudo.id),
                ("currency_id", "=", debtor_sudo.currency_id.id),
            ]
        ):
            if (pair_sudo.net_minor > 0) == (pair_sudo.first_company_id == debtor_sudo):
                told_sudo |= pair_sudo.first_company_id | pair_sudo.second_company_id
        for user_sudo in self._accountants_of(told_sudo):
            spoken = debtor_sudo.partner_id.with_context(lang=user_sudo.lang)
            spoken.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user_sudo.id,
                summary=spoken.env._(
                    "%(place)s: %(percent)s %% of what it may owe all other places together. "
                    "Settle, or it stops at 100 %%.",
                    place=debtor_sudo.name,
                    percent=percent,
                ),
            )

    @api.model
    def _accountants_of(self, companies_sudo):
        return (
            self.env.ref(ACCOUNTANT)
            .sudo()
            .all_user_ids.filtered(lambda user: user.active and user.company_id in companies_sudo)
        )

    def _warn(self, percent):
        pair_sudo = self.company_id | self.asset_id.company_id
        for user_sudo in self._accountants_of(pair_sudo):
            spoken = self.with_context(lang=user_sudo.lang)
            spoken.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user_sudo.id,
                summary=spoken.env._(
                    "%(place)s and %(issuer)s: %(percent)s %% of what one may owe the other in "
                    "“%(asset)s”. Settle, or its tills stop taking it at 100 %%.",
                    place=spoken.company_id.name,
                    issuer=spoken.asset_id.company_id.name,
                    percent=percent,
                    asset=spoken.asset_id.name,
                ),
            )
