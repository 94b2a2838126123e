"""What an acceptance allows its place, and the form in which two places agree on it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Field of people's words → stored integer of minor units.
AMOUNTS = {
    "refund_day_ceiling_text": "refund_day_ceiling_minor",
    "exposure_ceiling_text": "exposure_ceiling_minor",
}


class TibilletAcceptance(models.Model):
    _inherit = "tibillet.acceptance"

    acceptor = fields.Selection(
        selection="_select_acceptors",
        string="Place",
        compute="_compute_acceptor",
        readonly=False,
        help="Every place of this database, also those that you do not manage.",
    )
    asset_code = fields.Char(
        string="Code of the asset",
        compute="_compute_asset_code",
        readonly=False,
        help="As its issuer told you, for example “jeton”.",
    )
    asset_name = fields.Char(related="asset_id.name", string="Asset name")
    refund_day_ceiling_text = fields.Char(
        string="Refunds a day",
        compute="_compute_amount_texts",
        readonly=False,
        help="Most that the place pays back in one business day. Empty: no ceiling.",
    )
    exposure_ceiling_text = fields.Char(
        string="Most one may owe the other",
        compute="_compute_amount_texts",
        readonly=False,
        help="Beyond it the place neither takes nor loads this asset until you settle. "
        "Empty: no ceiling.",
    )
    agreement_text = fields.Char(string="Agreement", compute="_compute_agreement")
    can_agree = fields.Boolean(compute="_compute_agreement")
    can_countersign = fields.Boolean(compute="_compute_agreement")
    can_change = fields.Boolean(compute="_compute_agreement")

    @api.model
    def _select_acceptors(self):
        """The places of the database by company id: their names are public."""
        places_sudo = self.env["tibillet.place"].sudo()  # names only
        return [
            (str(place.company_id.id), place.name) for place in places_sudo.search([], order="name")
        ]

    @api.depends("company_id")
    def _compute_acceptor(self):
        for acceptance in self:
            acceptance.acceptor = str(acceptance.company_id.id) if acceptance.company_id else False

    @api.depends("asset_id")
    def _compute_asset_code(self):
        for acceptance in self:
            asset_sudo = acceptance.sudo().asset_id  # the code of what is proposed here
            acceptance.asset_code = asset_sudo.code

    @api.depends("asset_id.scale", "asset_id.unit_label", *AMOUNTS.values())
    @api.depends_context("lang")
    def _compute_amount_texts(self):
        for acceptance in self:
            asset_sudo = acceptance.sudo().asset_id  # the unit of what is proposed here
            for text, minor in AMOUNTS.items():
                amount = acceptance[minor]
                acceptance[text] = asset_sudo._format(amount) if amount and asset_sudo else False

    @api.depends(
        "state", "agreed_by_id", "countersigned_by_id", "contract_date", "end_date", "company_id"
    )
    @api.depends_context("uid", "lang")
    def _compute_agreement(self):
        """The sentence that says where it stands, and what the user may do about it."""
        today = fields.Date.context_today(self)
        for acceptance in self:
            acceptance_sudo = acceptance.sudo()  # the names and signatures of both sides
            sides = acceptance._sides()
            proposed = acceptance_sudo.state == "proposed"
            acceptance.can_agree = (
                proposed and "acceptor" in sides and not acceptance_sudo.agreed_by_id
            )
            acceptance.can_countersign = (
                proposed and "issuer" in sides and not acceptance_sudo.countersigned_by_id
            )
            acceptance.can_change = proposed or "issuer" in sides or not acceptance.id
            acceptance.agreement_text = acceptance_sudo._agreement_sentence(today)

    def _agreement_sentence(self, today):
        issuer, acceptor = self.issuer_company_id.name, self.company_id.name
        if not self.id or not self.issuer_company_id:
            return False
        if self.state == "ended":
            return self.env._("Ended: %s no longer takes it.", acceptor)
        if self.state == "proposed":
            missing = [
                name
                for name, signed in (
                    (acceptor, self.agreed_by_id),
                    (issuer, self.countersigned_by_id),
                )
                if not signed
            ]
            if len(missing) == 2:
                return self.env._(
                    "%(acceptor)s and %(issuer)s still have to agree.",
                    acceptor=acceptor,
                    issuer=issuer,
                )
            return self.env._("%s still has to agree.", missing[0])
        if self.end_date and self.end_date < today:
            return self.env._("Ran out on %s.", self._day(self.end_date))
        if self.contract_date and self.contract_date > today:
            return self.env._("In force from %s.", self._day(self.contract_date))
        if self.end_date:
            return self.env._("In force until %s.", self._day(self.end_date))
        return self.env._("In force since %s.", self._day(self.contract_date))

    def _day(self, day):
        return self.env["ir.qweb.field.date"].value_to_html(day, {})

    # -- words → integers ----------------------------------------------------------------------

    @api.onchange("asset_code")
    def _onchange_asset_code(self):
        """Find the asset by its exact code, to show its name and its issuer before saving."""
        acceptance_sudo = self.sudo()  # the code of what is proposed here
        if self.asset_code and self.asset_code != acceptance_sudo.asset_id.code:
            self.asset_id = self._asset_of_code(self.asset_code)

    @api.model
    def _asset_of_code(self, code):
        # sudo: what is proposed may be issued by a company that the user does not work for.
        assets_sudo = self.env["tibillet.asset"].sudo()
        asset_sudo = assets_sudo.search(
            [("code", "=", (code or "").strip().lower()), ("kind", "!=", "claim")]
        )
        if not asset_sudo:
            raise UserError(
                self.env._(
                    "No asset has the code “%s”. Ask its issuer: the code stands in the asset's "
                    "form.",
                    code or "",
                )
            )
        return asset_sudo.sudo(False)

    def _in_integers(self, vals, asset):
        """``vals`` with the form's words turned into what is stored."""
        vals = dict(vals)
        if vals.get("asset_code"):
            asset = self._asset_of_code(vals["asset_code"])
            vals["asset_id"] = asset.id
        asset_sudo = asset.sudo()  # its unit
        vals.pop("asset_code", None)
        if acceptor := vals.pop("acceptor", None):
            vals["company_id"] = int(acceptor)
        for text, minor in AMOUNTS.items():
            if text in vals:
                typed = vals.pop(text)
                vals[minor] = asset_sudo._parse(typed) if typed else 0
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        Asset = self.env["tibillet.asset"]
        default = self.env.context.get("default_asset_id")
        return super().create(
            [
                self._in_integers(vals, Asset.browse(vals.get("asset_id") or default))
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if not ({"asset_code", "acceptor"} | AMOUNTS.keys()) & vals.keys():
            return super().write(vals)
        for acceptance in self:
            super(TibilletAcceptance, acceptance).write(
                acceptance._in_integers(vals, acceptance.asset_id)
            )
        return True

    # -- what it allows ------------------------------------------------------------------------

    @api.model
    def _in_force(self, asset, company):
        """The acceptance under which ``company`` takes ``asset`` today, in sudo; empty when there
        is none. The database's clock decides, as it does at the till."""
        self.flush_model()
        self.env.cr.execute(
            "SELECT id FROM tibillet_acceptance"
            " WHERE asset_id = %s AND company_id = %s AND state = 'active'"
            "   AND contract_date <= tibillet_business_day(company_id)"
            "   AND (end_date IS NULL OR end_date >= tibillet_business_day(company_id))",
            [asset.id, company.id],
        )
        row = self.env.cr.fetchone()
        terms_sudo = self.sudo()  # they bind whoever stands at the till
        return terms_sudo.browse(row[0] if row else [])

    @api.model
    def _check_load(self, asset, company, amount_minor=0):
        """Whether ``company`` may take money and load it as ``asset``.

        :param amount_minor: what is to be loaded, for the ceiling of what one owes the other
        :raises LedgerError: ``asset_not_accepted``, ``not_allowed``, ``limit_exceeded``
        """
        asset_sudo, company_sudo = asset.sudo(), company.sudo()  # names and units
        if asset_sudo.company_id == company_sudo:
            return
        terms_sudo = self._in_force(asset_sudo, company_sudo)
        self._check_accepted(terms_sudo, asset_sudo, company_sudo)
        if not terms_sudo.may_load:
            raise self.env["tibillet.ledger"]._refusal(
                "not_allowed",
                self.env._(
                    "%(issuer)s has not allowed %(place)s to load “%(asset)s”. Nothing was "
                    "loaded: send the holder to %(issuer)s, or load another asset.",
                    issuer=asset_sudo.company_id.name,
                    place=company_sudo.name,
                    asset=asset_sudo.name,
                ),
            )
        self._check_exposure(terms_sudo, -amount_minor)

    @api.model
    def _check_refund(self, asset, company, amount_minor):
        """Whether ``company`` may pay ``amount_minor`` of ``asset`` back now.

        Call it inside the transaction that posts the refund: it UPDATEs the row of the day, so
        that of two refunds at once one runs again and reads what the other paid.

        :raises LedgerError: ``asset_not_accepted``, ``not_allowed``, ``limit_exceeded``
        """
        asset_sudo, company_sudo = asset.sudo(), company.sudo()  # names and units
        refusal = self.env["tibillet.ledger"]._refusal
        if not asset_sudo.refundable:
            raise refusal(
                "not_allowed",
                self.env._("“%s” is not paid back in money.", asset_sudo.name),
            )
        if asset_sudo.company_id == company_sudo:
            return
        terms_sudo = self._in_force(asset_sudo, company_sudo)
        self._check_accepted(terms_sudo, asset_sudo, company_sudo)
        if not terms_sudo.may_refund:
            raise refusal(
                "not_allowed",
                self.env._(
                    "%(issuer)s has not allowed %(place)s to pay “%(asset)s” back. Nothing was "
                    "paid: the holder is refunded by %(issuer)s.",
                    issuer=asset_sudo.company_id.name,
                    place=company_sudo.name,
                    asset=asset_sudo.name,
                ),
            )
        ceiling_minor = terms_sudo.refund_day_ceiling_minor
        if ceiling_minor:
            left_minor = max(0, ceiling_minor - terms_sudo._refunded_today())
            if amount_minor > left_minor:
                raise refusal(
                    "limit_exceeded",
                    self.env._(
                        "%(place)s pays back at most %(limit)s of “%(asset)s” a day; %(left)s is "
                        "left today. Nothing was paid.",
                        place=company_sudo.name,
                        limit=asset_sudo._format(ceiling_minor),
                        asset=asset_sudo.name,
                        left=asset_sudo._format(left_minor),
                    ),
                )
        self._check_exposure(terms_sudo, amount_minor)

    def _check_accepted(self, terms_sudo, asset_sudo, company_sudo):
        if terms_sudo and asset_sudo.active:
            return
        raise self.env["tibillet.ledger"]._refusal(
            "asset_not_accepted",
            self.env._(
                "%(place)s does not take “%(asset)s”: %(issuer)s, who issues it, and %(place)s "
                "have no agreement in force. Nothing was done.",
                place=company_sudo.name,
                asset=asset_sudo.name,
                issuer=asset_sudo.company_id.name,
            ),
        )

    def _refunded_today(self):
        """What the place paid back of the asset in its present business day, in minor units.

        The row of the day is updated first: cursors are REPEATABLE READ, so who comes second
        fails with a serialization error and runs again instead of reading an old sum.
        """
        self.ensure_one()
        place_sudo, day = self._take_turn()
        self.env.cr.execute(
            "SELECT tibillet_refunded_since(%s, %s, %s)",
            [self.asset_id.id, self.company_id.id, place_sudo._day_start(day)],
        )
        return self.env.cr.fetchone()[0]

    def _take_turn(self):
        """Update the row of this acceptance and business day; answers the place and the day."""
        self.env.flush_all()
        place_sudo = self.env["tibillet.place"]._of_company(self.company_id)
        self.env.cr.execute("SELECT tibillet_now()")
        day = place_sudo._business_day(self.env.cr.fetchone()[0])
        self.env.cr.execute(
            "INSERT INTO tibillet_refund_day (acceptance_id, day, turns) VALUES (%s, %s, 1)"
            " ON CONFLICT (acceptance_id, day)"
            " DO UPDATE SET turns = tibillet_refund_day.turns + 1",
            [self.id, day],
        )
        return place_sudo, day

    def _check_exposure(self, terms_sudo, change_minor):
        """Neither may owe the other more than agreed; ``change_minor`` > 0: the issuer owes more.

        :raises LedgerError: ``limit_exceeded``
        """
        ceiling_minor = terms_sudo.exposure_ceiling_minor
        if not ceiling_minor or not change_minor:
            return
        terms_sudo._take_turn()
        owed_minor = terms_sudo._owed_minor()
        after_minor = owed_minor + change_minor
        if abs(after_minor) <= ceiling_minor or abs(after_minor) <= abs(owed_minor):
            return
        asset_sudo = terms_sudo.asset_id
        issuer, place = asset_sudo.company_id.name, terms_sudo.company_id.name
        raise self.env["tibillet.ledger"]._refusal(
            "limit_exceeded",
            self.env._(
                "%(place)s and %(issuer)s may owe each other at most %(limit)s of “%(asset)s”; "
                "%(left)s is left. Nothing was done: settle first.",
                place=place,
                issuer=issuer,
                limit=asset_sudo._format(ceiling_minor),
                asset=asset_sudo.name,
                left=asset_sudo._format(
                    max(0, ceiling_minor - owed_minor * (1 if change_minor > 0 else -1))
                ),
            ),
        )

    def _owed_minor(self):
        """What the issuer owes the place in this asset; negative: the place owes the issuer."""
        self.ensure_one()
        self.env.cr.execute(
            "SELECT tibillet_owed_to_place(%s, %s)", [self.asset_id.id, self.company_id.id]
        )
        return self.env.cr.fetchone()[0]
