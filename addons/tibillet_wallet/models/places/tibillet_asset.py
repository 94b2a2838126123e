"""An asset in one form: proposals in front of the manager's eyes, amounts as people write them."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...fields import BigInteger
from .amounts import TooPrecise, parse_minor

CODE = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
CODE_MAX_CHARS = 64
MAX_MINOR = 2**31 - 1
FIGURES = "tibillet_wallet.tibillet_wallet_group_reader"


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    code_proposed = fields.Char(store=False, help="The last code that the form proposed.")
    load_cap_text = fields.Char(
        string="A card holds at most",
        compute="_compute_load_cap_text",
        inverse="_inverse_load_cap_text",
        help="Most that one account may hold after a top-up or a gift. The law wants such a "
        "limit on everything that is backed; 250 € is the usual one.",
    )
    above_usual_cap = fields.Boolean(compute="_compute_above_usual_cap")
    held_text = fields.Char(string="On cards", compute="_compute_figures", groups=FIGURES)
    owed_text = fields.Char(
        string="Owed to other places", compute="_compute_figures", groups=FIGURES
    )
    held_minor = BigInteger(compute="_compute_figures", aggregator=None, groups=FIGURES)
    acceptance_count = fields.Integer(
        compute="_compute_acceptance_count",
        string="Other places",
        groups=FIGURES,
    )

    kind_text = fields.Char(compute="_compute_kind_text")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_text(self):
        """What the kind means, as one would say it to a colleague."""
        texts = {
            "fed": self.env._(
                "Euros of the network: a debt of yours, taken by many places and "
                "paid back when asked."
            ),
            "local": self.env._(
                "Your own token, paid in money: a debt of yours, paid back when asked."
            ),
            "gift": self.env._("Given, not paid: no debt, and it is spent first."),
            "voucher": self.env._("Paid for and not paid back: a debt in goods."),
            "time": self.env._("Minutes that people exchange: no value in money."),
            "points": self.env._("Points of loyalty: no value in money."),
            "claim": self.env._(
                "What a card owes after a sale that came too late. The till makes it by itself."
            ),
            "external": self.env._("A unit that somebody else issues outside this house."),
        }
        for asset in self:
            asset.kind_text = texts.get(asset.kind)

    @api.depends("load_cap_minor", "scale", "unit_label")
    @api.depends_context("lang")
    def _compute_load_cap_text(self):
        for asset in self:
            cap = asset.load_cap_minor
            asset.load_cap_text = asset._format(cap) if cap else False

    def _inverse_load_cap_text(self):
        for asset in self:
            asset.load_cap_minor = asset._parse(asset.load_cap_text)

    @api.onchange("load_cap_text")
    def _onchange_load_cap_text(self):
        self.load_cap_minor = self._parse(self.load_cap_text)

    @api.depends("load_cap_minor", "backed", "scale", "company_id")
    def _compute_above_usual_cap(self):
        for asset in self:
            asset.above_usual_cap = asset.backed and asset.load_cap_minor > asset._usual_cap_minor()

    @api.depends_context("uid", "lang")
    def _compute_figures(self):
        """What cards hold, and what the issuer owes other places, in two queries for any
        number of assets."""
        held, owed = self._circulation()
        for asset in self:
            figures = held.get(asset.id, 0), owed.get(asset.id, 0)
            asset.held_minor = figures[0]
            asset.held_text = asset._format(figures[0]) if asset.id else False
            # What the issuer owes is between it and each place, not for every acceptor.
            own = self.env.su or asset.company_id.id in self.env.user.company_ids.ids
            asset.owed_text = asset._format(figures[1]) if figures[1] and own else False

    @api.depends("acceptance_ids")
    def _compute_acceptance_count(self):
        groups = self.env["tibillet.acceptance"]._read_group(
            [("asset_id", "in", self.ids), ("state", "=", "active")], ["asset_id"], ["__count"]
        )
        counts = {asset.id: count for asset, count in groups}
        for asset in self:
            asset.acceptance_count = counts.get(asset.id, 0)

    # -- code ----------------------------------------------------------------------------

    @api.onchange("name")
    def _onchange_name(self):
        """Propose a code as long as nobody wrote another."""
        if not self._origin.id and (not self.code or self.code == self.code_proposed):
            self.code = self.code_proposed = self._free_code(self.name)

    @api.model
    def _free_code(self, name):
        """A code made of the name, with a number when it is taken."""
        slug = self.env["ir.http"]._slugify(re.sub(r"['’]", " ", name or ""))
        base = re.sub(r"[^a-z0-9]+", "-", slug).strip("-")
        base = base[: CODE_MAX_CHARS - 5].strip("-")
        if not base:
            return False
        # sudo: a code is one asset's among all companies.
        assets_sudo = self.sudo().with_context(active_test=False)
        taken = set(assets_sudo.search([("code", "=like", f"{base}%")]).mapped("code"))
        code, suffix = base, 2
        while code in taken:
            code, suffix = f"{base}-{suffix}", suffix + 1
        return code

    def _check_code(self, code):
        """A sentence before the database's constraint has its say."""
        if not CODE.fullmatch(code or ""):
            example = self._free_code(code) or "jeton"
            raise ValidationError(
                self.env._(
                    "“%(code)s” cannot be a code: use small letters without accent, digits and "
                    "hyphens, up to %(max)s, for example “%(example)s”.",
                    code=code or "",
                    max=CODE_MAX_CHARS,
                    example=example,
                )
            )
        # sudo: a code is one asset's among all companies.
        others_sudo = self.sudo().with_context(active_test=False)
        if others_sudo.search_count([("code", "=", code), ("id", "not in", self.ids)], limit=1):
            raise ValidationError(
                self.env._(
                    "The code “%(code)s” is taken by another asset; “%(free)s” is free.",
                    code=code,
                    free=self._free_code(code),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        codes = set()
        for vals in vals_list:
            if not vals.get("code") and vals.get("name"):
                vals["code"] = self._free_code(vals["name"])
            self._check_code(vals.get("code"))
            if vals["code"] in codes:
                raise ValidationError(
                    self.env._("The code “%s” stands twice in this list.", vals["code"])
                )
            codes.add(vals["code"])
        return super().create(vals_list)

    def write(self, vals):
        if "code" in vals:
            for asset in self.filtered(lambda one: one.code != vals["code"]):
                asset._check_code(vals["code"])
        if vals.get("active") is False:
            self._check_may_archive()
        return super().write(vals)

    # -- amounts -------------------------------------------------------------------------

    def _parse(self, text):
        """The minor units that a typed amount of this asset says.

        :raises ValidationError: when it is no amount, or finer than the asset's unit
        """
        self.ensure_one()
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        try:
            amount_minor = parse_minor(
                text,
                self.scale,
                decimal_point=lang.decimal_point or ".",
                thousands_sep=lang.thousands_sep or "",
                unit=self.unit_label or self.code or "",
            )
        except TooPrecise:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is finer than the smallest amount of “%(asset)s”, %(least)s.",
                    text=text,
                    asset=self.name,
                    least=self._format(1),
                )
            ) from None
        except ValueError:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is not an amount: write for example %(example)s.",
                    text=text,
                    example=self._format(250 * 10**self.scale),
                )
            ) from None
        if amount_minor > MAX_MINOR:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is more than the ledger counts; the most is %(most)s.",
                    text=text,
                    most=self._format(MAX_MINOR),
                )
            )
        return amount_minor

    def _follow_currency(self):
        """Count in the issuer's currency; only for an asset that nobody has used."""
        self.ensure_one()
        currency = self.company_id.currency_id
        self.write(
            {
                "currency_id": currency.id,
                "scale": currency.decimal_places,
                "unit_label": currency.symbol,
                "unit_value_minor": 10**currency.decimal_places,
                "load_cap_minor": self._usual_cap_minor() if self.backed else 0,
            }
        )

    # -- in circulation ------------------------------------------------------------------

    def _circulation(self):
        """Minor units on the cards, and owed to other companies' places, by asset id.

        What the issuer's own tills took is its own again and is not counted.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT asset_id, sum(balance_minor)::bigint FROM tibillet_account"
            " WHERE asset_id = ANY(%(ids)s) AND balance_minor IS NOT NULL GROUP BY 1",
            {"ids": self.ids},
        )
        held = dict(self.env.cr.fetchall())
        self.env.cr.execute(
            "SELECT asset_id, sum(owed)::bigint FROM ("
            " SELECT p.asset_id, GREATEST(0, tibillet_owed_to_place(p.asset_id, p.company_id)) owed"
            "   FROM (SELECT a.asset_id, w.company_id"
            "           FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id"
            "          WHERE a.asset_id = ANY(%(ids)s) AND w.kind IN ('place', 'pool')"
            "          UNION SELECT asset_id, company_id FROM tibillet_acceptance"
            "          WHERE asset_id = ANY(%(ids)s)) p"
            "   JOIN tibillet_asset s ON s.id = p.asset_id AND (s.backed OR s.kind = 'gift')"
            "  WHERE p.company_id <> s.company_id"
            "  UNION ALL"  # merchants and peers, who are no company of this database
            " SELECT a.asset_id, GREATEST(0, tibillet_account_sum(a.id))"
            "   FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id"
            "   JOIN tibillet_asset s ON s.id = a.asset_id AND (s.backed OR s.kind = 'gift')"
            "  WHERE a.asset_id = ANY(%(ids)s) AND w.kind IN ('place', 'peer')"
            "    AND w.company_id IS NULL) debt"
            " GROUP BY asset_id",
            {"ids": self.ids},
        )
        return held, dict(self.env.cr.fetchall())

    def _check_may_archive(self):
        """Nobody may be left with what can no longer be used.

        :raises ValidationError: says what cards hold and what other places are owed
        """
        held, owed = self._circulation()
        for asset in self:
            on_cards, at_places = held.get(asset.id, 0), owed.get(asset.id, 0)
            if on_cards > 0 and at_places > 0:
                sentence = self.env._(
                    "“%(asset)s” still circulates: cards hold %(held)s and other places are owed "
                    "%(owed)s. Refund what is on the cards and settle with the places first.",
                    asset=asset.name,
                    held=asset._format(on_cards),
                    owed=asset._format(at_places),
                )
            elif on_cards:
                sentence = self.env._(
                    "“%(asset)s” still circulates: cards hold %(held)s. Refund or settle it first.",
                    asset=asset.name,
                    held=asset._format(on_cards),
                )
            elif at_places > 0:
                sentence = self.env._(
                    "“%(asset)s” still circulates: other places are owed %(owed)s. Settle with "
                    "them first.",
                    asset=asset.name,
                    owed=asset._format(at_places),
                )
            else:
                continue
            raise ValidationError(sentence)

    # -- acts of the form ----------------------------------------------------------------

    def action_view_debts(self):
        """Who owes whom in this asset."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_wallet.tibillet_debt_action"
        )
        return action | {"domain": [("asset_id", "=", self.id)], "context": {}}
