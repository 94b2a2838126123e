from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("fed", "Federated euro"),
    ("local", "House token"),
    ("gift", "Gift"),
    ("voucher", "Voucher"),
    ("time", "Time"),
    ("points", "Points"),
    ("claim", "Claim"),
    ("external", "External"),
]
IN_CURRENCY = {"fed", "local", "gift", "voucher", "claim"}
BACKED = {"fed", "local", "voucher"}
PRESETS = {
    "fed": {"backed": True, "refundable": True, "vat_nature": "emoney", "spend_sequence": 40},
    "local": {"backed": True, "refundable": True, "vat_nature": "multi", "spend_sequence": 30},
    "voucher": {"backed": True, "refundable": False, "vat_nature": "multi", "spend_sequence": 20},
    "gift": {"backed": False, "refundable": False, "vat_nature": False, "spend_sequence": 10},
}
USUAL_CAP_UNITS = 250
FROZEN_BY_USE = {
    "scale",
    "backed",
    "kind",
    "company_id",
    "currency_id",
    "code",
    "vat_nature",
    "vat_tax_id",
    "unit_value_minor",
}


class TibilletAsset(models.Model):
    """What can be held: a currency, a voucher, time or points of one issuer.

    Amounts of an asset are integers in its minor unit: one unit is ``10 ** scale`` minor
    units. Scale, backing and kind freeze with the first operation.
    """

    _name = "tibillet.asset"
    _inherit = "image.mixin"
    _description = "Asset"
    _order = "spend_sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False, help="Lower-case letters, digits and hyphens.")
    kind = fields.Selection(KINDS, required=True, default="local")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Issuer",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    issuer_wallet_id = fields.Many2one(
        "tibillet.wallet", required=True, readonly=True, copy=False, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    scale = fields.Integer(
        string="Decimals",
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Decimal digits of a unit: 2 for euros and cents, 0 for minutes and points.",
    )
    unit_label = fields.Char(
        string="Unit",
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        help="Shown after amounts: €, min…",
    )
    backed = fields.Boolean(
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        help="A debt of the issuer in its currency: it stands in the books.",
    )
    refundable = fields.Boolean(
        compute="_compute_preset", store=True, readonly=False, precompute=True
    )
    vat_nature = fields.Selection(
        [("emoney", "E-money"), ("multi", "Multi-purpose"), ("single", "Single-purpose")],
        string="VAT nature",
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
    )
    vat_tax_id = fields.Many2one(
        "account.tax",
        string="Its tax",
        compute="_compute_vat_tax_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('type_tax_use', '=', 'sale')]",
        help="The one known tax of what a single-purpose voucher buys.",
    )
    load_cap_minor = fields.Integer(
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        help="Most that one account may hold after a top-up or a gift, in minor units. "
        "0 = no cap, possible only for assets that are not backed.",
    )
    unit_value_minor = fields.Integer(
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        help="Value of one unit in the issuer's currency, in its minor units.",
    )
    spend_sequence = fields.Integer(
        compute="_compute_preset",
        store=True,
        readonly=False,
        precompute=True,
        help="Lower is spent first; what is refundable is always spent last.",
    )
    issue_role = fields.Selection(
        [("managers", "Managers"), ("desk", "Everybody at the desk")],
        string="Given out by hand by",
        required=True,
        default="managers",
        help="Who may give or issue units of it without a payment.",
    )
    dormancy_months = fields.Integer(
        string="Dormant after",
        default=12,
        required=True,
        help="Months without any movement of its holder after which a wallet is marked "
        "dormant. Nothing is ever taken from it for that.",
    )
    product_category_ids = fields.Many2many(
        "product.category", string="Buys only", help="Empty: buys everything that is sold."
    )
    expiry_months = fields.Integer(
        string="Expires after",
        help="Months after which what was received is taken back. 0 = never; what is refunded "
        "in money never expires.",
    )
    first_at = fields.Datetime(
        string="First operation",
        readonly=True,
        copy=False,
        help="When the ledger first moved it. Written by the ledger's SQL alone.",
    )
    acceptance_ids = fields.One2many(
        "tibillet.acceptance",
        "asset_id",
        string="Accepted by",
        groups="tibillet_wallet.tibillet_wallet_group_reader",
    )

    _code_unique = models.Constraint("unique(code)", "An asset with this code exists already.")
    _code_format = models.Constraint(
        "CHECK (code ~ '^[a-z0-9-]{1,64}$')",
        "The code takes lower-case letters, digits and hyphens only.",
    )
    _scale_range = models.Constraint(
        "CHECK (scale BETWEEN 0 AND 6)", "The scale is between 0 and 6."
    )
    _backed_currency = models.Constraint(
        "CHECK (NOT backed OR currency_id IS NOT NULL)", "A backed asset needs a currency."
    )
    _backed_cap = models.Constraint(
        "CHECK (load_cap_minor >= 0 AND (NOT backed OR load_cap_minor > 0))",
        "A backed asset needs a load cap: the law sets this condition.",
    )
    _backed_kind = models.Constraint(
        "CHECK (backed = (kind IN ('fed', 'local', 'voucher')))",
        "Federated euros, house tokens and vouchers are debts of their issuer; nothing else is.",
    )
    _dormancy_positive = models.Constraint(
        "CHECK (dormancy_months > 0)", "A wallet is dormant after one month or more."
    )
    _expiry_not_refundable = models.Constraint(
        "CHECK (expiry_months >= 0 AND (expiry_months = 0 OR NOT refundable))",
        "What is refunded in money never expires.",
    )
    _refundable_backed = models.Constraint(
        "CHECK (NOT refundable OR backed)", "Only a backed asset can be refunded."
    )
    _voucher_not_refundable = models.Constraint(
        "CHECK (NOT (refundable AND kind = 'voucher'))",
        "A voucher is paid for and not refundable: choose a house token instead.",
    )
    _backed_vat = models.Constraint(
        "CHECK (backed = (vat_nature IS NOT NULL))",
        "A backed asset says when its tax falls due; nothing else does.",
    )
    _single_tax = models.Constraint(
        "CHECK (COALESCE(vat_nature = 'single', false) = (vat_tax_id IS NOT NULL))",
        "A single-purpose asset names its tax, and only such an asset does.",
    )
    _backed_par = models.Constraint(
        "CHECK (NOT backed OR unit_value_minor = power(10, scale)::integer)",
        "One unit of a backed asset is worth one unit of money.",
    )
    _one_claim = models.UniqueIndex(
        "(company_id) WHERE kind = 'claim'", "This company has its claim asset already."
    )

    @api.depends("kind", "company_id")
    def _compute_preset(self):
        for asset in self:
            preset = PRESETS.get(asset.kind, {})
            currency = asset.company_id.currency_id if asset.kind in IN_CURRENCY else None
            asset.currency_id = currency
            asset.scale = currency.decimal_places if currency else 0
            asset.unit_label = (
                currency.symbol if currency else {"time": "min", "points": "pts"}.get(asset.kind)
            )
            asset.backed = preset.get("backed", False)
            asset.refundable = preset.get("refundable", False)
            asset.vat_nature = preset.get("vat_nature", False)
            asset.spend_sequence = preset.get("spend_sequence", 90)
            asset.unit_value_minor = 10**asset.scale if currency else 0
            asset.load_cap_minor = asset._usual_cap_minor() if asset.backed else 0

    @api.depends("vat_nature")
    def _compute_vat_tax_id(self):
        self.filtered(lambda asset: asset.vat_nature != "single").vat_tax_id = False

    def _usual_cap_minor(self):
        """The usual load cap, 250 € by the law's secondary sources, in the issuer's currency.

        Converted where rates are kept, else 250 units or 25,000 of the smallest coin, whichever
        is more: a default to look at, not a limit.
        """
        company = self.company_id or self.env.company
        currency = company.currency_id
        euro = self.env.ref("base.EUR")
        unit = 10**currency.decimal_places
        if currency != euro and (euro.rate_ids or currency.rate_ids):
            today = fields.Date.context_today(self)
            return max(1, int(euro._convert(USUAL_CAP_UNITS, currency, company, today))) * unit
        return max(USUAL_CAP_UNITS * unit, USUAL_CAP_UNITS * 100)

    @api.constrains("kind", "scale", "unit_value_minor", "currency_id", "company_id")
    def _check_par(self):
        for asset in self.filtered("backed"):
            currency = asset.company_id.currency_id
            if asset.currency_id != currency or asset.scale != currency.decimal_places:
                raise self._not_at_par(asset.name, currency)
            if asset.unit_value_minor != 10**asset.scale:
                raise ValidationError(
                    self.env._("One unit of “%s” is worth one unit of money.", asset.name)
                )

    def _not_at_par(self, name, currency):
        return ValidationError(
            self.env._(
                "“%(asset)s” must count in the currency of its issuer, %(currency)s.",
                asset=name,
                currency=currency.name,
            )
        )

    @api.constrains("vat_nature", "vat_tax_id")
    def _check_single_purpose_tax(self):
        for asset in self:
            if (asset.vat_nature == "single") != bool(asset.vat_tax_id):
                raise ValidationError(
                    self.env._(
                        "A single-purpose asset names its tax, and only such an asset does: "
                        "look at “%s”.",
                        asset.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        Wallet = self.env["tibillet.wallet"]
        self.env["res.company"].flush_model(["currency_id"])  # a trigger compares the two
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id", self.env.company.id))
            vals["issuer_wallet_id"] = Wallet._of_issuer(company).id
            if vals.get("currency_id") not in (None, False, company.currency_id.id):
                raise self._not_at_par(vals.get("name"), company.currency_id)
        return super().create(vals_list)

    def write(self, vals):
        if FROZEN_BY_USE & vals.keys():
            for asset in self:
                changed = any(
                    asset._fields[name].convert_to_write(asset[name], asset) != vals[name]
                    for name in FROZEN_BY_USE & vals.keys()
                )
                if changed and asset._is_used():
                    raise ValidationError(
                        self.env._(
                            "“%s” has been used: its code, kind, issuer, currency, decimals, "
                            "tax and backing stay as they are.",
                            asset.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for asset in self:
            if asset._is_used():
                raise ValidationError(
                    self.env._("“%s” has been used and stays in the ledger.", asset.name)
                )

    def _is_used(self):
        """Whether any operation, posted or pending, ever moved it."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM tibillet_transfer t WHERE t.asset_id = ANY(%(ids)s))"
            " OR EXISTS (SELECT FROM tibillet_hold_line h WHERE h.asset_id = ANY(%(ids)s))",
            {"ids": self.ids},
        )
        return self.env.cr.fetchone()[0]

    def _format(self, amount_minor):
        """An amount for people, in the user's language: ``14,20 €``, ``45 min``.

        :param amount_minor: integer in minor units of this asset
        """
        self.ensure_one()
        Lang = self.env["res.lang"]
        lang = Lang.browse(Lang._get_data(code=self.env.lang or "en_US").id or [])
        sign = "-" if amount_minor < 0 else ""
        whole, part = divmod(abs(amount_minor), 10**self.scale)
        digits = lang.format("%d", whole, grouping=True) if lang else str(whole)
        if self.scale:
            digits += f"{lang.decimal_point or '.'}{part:0{self.scale}d}"
        return f"{sign}{digits}\N{NO-BREAK SPACE}{self.unit_label or self.code}"

    @api.model
    def _claim_of(self, company):
        """The company's claim asset: what a card owes it after a shortfall (get or create)."""
        assets_sudo = self.sudo()  # set up on need by the till, whoever runs it
        claim_sudo = assets_sudo.search(
            [("kind", "=", "claim"), ("company_id", "=", company.id)], limit=1
        )
        return claim_sudo or assets_sudo.create(
            {
                "name": self.env._("Owed to %s", company.name),
                "code": f"claim-{company.id}",
                "kind": "claim",
                "company_id": company.id,
            }
        )
