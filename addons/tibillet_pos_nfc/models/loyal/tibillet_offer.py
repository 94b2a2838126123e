"""An offer by habit: what it gives, to whom, until when, and no further than its budget."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .habits import HABITS

MINOR = {"gift": "gift_minor", "budget": "budget_minor", "habit_amount": "habit_minor"}
COUNTED = {"used_count", "used_minor"}


class TibilletOffer(models.Model):
    """A gift of the house for those who have a habit and agreed to be offered something.

    The budget is counted in the row itself, by one UPDATE per gift and a CHECK: two tills at
    once collide, and the second finds what is left.
    """

    _name = "tibillet.offer"
    _description = "Offer by habit"
    _order = "end_date desc, id desc"

    name = fields.Char(
        required=True, translate=True, help="What the cashier says: a free drink on Thursday."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Place",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    habit = fields.Selection(
        [
            ("bought", "Bought it so many times"),
            ("spent", "Spent so much"),
            ("away", "Came, and has not for a while"),
        ],
        string="For those who",
        required=True,
        default="bought",
    )
    product_ids = fields.Many2many("product.product", string="Articles")
    category_ids = fields.Many2many("product.category", string="Categories")
    habit_count = fields.Integer(
        string="At least, times", default=3, help="Orders with one of them, by this card or person."
    )
    habit_minor = fields.Integer(string="At least, in cents")
    habit_amount = fields.Monetary(
        string="At least", compute="_compute_money", inverse="_inverse_habit_amount"
    )
    habit_days = fields.Integer(string="Within days", required=True, default=30)
    asset_id = fields.Many2one(
        "tibillet.asset",
        string="Gives",
        required=True,
        ondelete="restrict",
        domain="[('kind', '=', 'gift'), ('company_id', '=', company_id)]",
        help="A gift of this place. What it buys only, is said on it.",
    )
    gift_minor = fields.Integer(string="Gift in cents")
    gift = fields.Monetary(string="To each", compute="_compute_money", inverse="_inverse_gift")
    start_date = fields.Date(string="Starts on", required=True, default=fields.Date.context_today)
    end_date = fields.Date(string="Ends on", required=True, help="That day included.")
    budget_count = fields.Integer(string="At most, gifts", required=True)
    budget_minor = fields.Integer(string="At most, in cents")
    budget = fields.Monetary(string="At most", compute="_compute_money", inverse="_inverse_budget")
    used_count = fields.Integer(string="Gifts given", readonly=True, copy=False, default=0)
    used_minor = fields.Integer(string="Given in cents", readonly=True, copy=False, default=0)
    used = fields.Monetary(string="Given, in money", compute="_compute_used")

    _within_budget = models.Constraint(
        "CHECK (used_count >= 0 AND used_minor >= 0 AND used_count <= budget_count"
        " AND used_minor <= budget_minor)",
        "This offer has given all of its budget.",
    )
    _sound = models.Constraint(
        "CHECK (gift_minor > 0 AND budget_count > 0 AND budget_minor >= gift_minor"
        " AND habit_days BETWEEN 1 AND 1000 AND habit_count > 0 AND end_date >= start_date"
        " AND (habit <> 'spent' OR habit_minor > 0))",
        "An offer gives something, has a budget for one gift at least, and ends after it begins.",
    )

    @api.depends("gift_minor", "budget_minor", "habit_minor", "currency_id")
    def _compute_money(self):
        for offer in self:
            for name, minor in MINOR.items():
                offer[name] = offer[minor] / 10**offer.currency_id.decimal_places

    # One for each: Odoo keeps fields of one method from being read while one of them is written.
    def _inverse_habit_amount(self):
        self._keep_minor("habit_amount")

    def _inverse_gift(self):
        self._keep_minor("gift")

    def _inverse_budget(self):
        self._keep_minor("budget")

    def _keep_minor(self, name):
        for offer in self:
            offer[MINOR[name]] = round(offer[name] * 10**offer.currency_id.decimal_places)

    @api.depends("used_minor", "currency_id")
    def _compute_used(self):
        for offer in self:
            offer.used = offer.used_minor / 10**offer.currency_id.decimal_places

    @api.constrains("asset_id", "company_id", "habit", "product_ids", "category_ids")
    def _check_offer(self):
        for offer in self:
            asset_sudo = offer.asset_id.sudo()  # read for its kind
            if asset_sudo.kind != "gift" or asset_sudo.company_id != offer.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is no gift of this place: an offer gives what costs its holder "
                        "nothing and is paid by who gives it.",
                        asset_sudo.name,
                    )
                )
            if offer.habit == "bought" and not (offer.product_ids or offer.category_ids):
                raise ValidationError(
                    self.env._("Say of which articles or categories the habit is made.")
                )

    # -- what is counted is nobody's to write -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {
                **{MINOR[name]: self._minor(vals, name) for name in MINOR if name in vals},
                **{
                    name: value
                    for name, value in vals.items()
                    if name not in COUNTED and name not in MINOR
                },
            }
            for vals in vals_list
        ]
        offers = super().create(vals_list)
        self.env.registry.clear_cache()
        return offers

    @api.model
    def _minor(self, vals, name):
        """An amount of a new offer in minor units: the row is checked as it is inserted."""
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        return round((vals[name] or 0) * 10**company.currency_id.decimal_places)

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name not in COUNTED}
        # In one UPDATE: the row's amounts are checked together.
        if len(self.company_id) == 1:
            vals = {
                MINOR.get(name, name): self._minor({**vals, "company_id": self.company_id.id}, name)
                if name in MINOR
                else value
                for name, value in vals.items()
            }
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # -- to whom ------------------------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _ids_of(self, company_id):
        """Offers of a place, kept in memory: a tap asks for nothing where there are none."""
        offers_sudo = self.sudo()  # a cashier reads no offers
        return tuple(offers_sudo.search([("company_id", "=", company_id)]).ids)

    @api.model
    def _open_to(self, card, company):
        """The offers that this card's holder may take now: named, agreed, with the habit.

        :param card: in sudo; of a card without a name, nothing is looked at
        :returns: offers in sudo
        """
        offers_sudo = self.sudo()
        ids = self._ids_of(company.id)
        if not ids or not card.partner_id:
            return offers_sudo
        wallet = card.wallet_id._surviving()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.id FROM tibillet_offer f
                 WHERE f.id = ANY(%(ids)s) AND f.active
                   AND tibillet_business_day(f.company_id) BETWEEN f.start_date AND f.end_date
                   AND f.used_count < f.budget_count
                   AND f.used_minor + f.gift_minor <= f.budget_minor
                   AND EXISTS (SELECT FROM tibillet_offer_consent c
                                WHERE c.wallet_id = %(wallet)s AND c.company_id = f.company_id
                                  AND c.withdrawn_at IS NULL)
                   AND NOT EXISTS (SELECT FROM tibillet_offer_use u
                                    WHERE u.offer_id = f.id AND u.wallet_id = %(wallet)s)
                 ORDER BY f.end_date, f.id
                """,
                ids=list(ids),
                wallet=wallet.id,
            )
        )
        found_sudo = offers_sudo.browse(row[0] for row in rows)
        return found_sudo.filtered(lambda offer: offer._is_habit_of(wallet))

    def _is_habit_of(self, wallet):
        self.ensure_one()
        [(met,)] = self.env.execute_query(
            SQL(
                HABITS[self.habit],
                wallets=wallet._with_merged().ids,
                company=self.company_id.id,
                days=self.habit_days,
                count=self.habit_count,
                minor=self.habit_minor,
                products=self.product_ids.ids,
                categories=self.category_ids.ids,
            )
        )
        return met

    def _describe(self):
        """What the till shows of these offers."""
        return [
            {
                "offer_id": offer_sudo.id,
                "name": offer_sudo.name,
                "gift": offer_sudo.asset_id.name,
                "amount": offer_sudo.asset_id._format(offer_sudo.gift_minor),
                "until": fields.Date.to_string(offer_sudo.end_date),
            }
            for offer_sudo in self
        ]

    # -- given --------------------------------------------------------------------------------

    def _give_to(self, card, key, origin):
        """Give the gift once: the use, the budget and the ledger's operation, or none of them.

        :param card: the card on the reader, in sudo
        :returns: the ``gift`` operation, in sudo
        :raises LedgerError: ``not_allowed`` with what is missing: a name, the holder's word, the
            habit, a day, the budget; or when it was given before
        """
        self.ensure_one()
        card._check_usable()
        wallet = card.wallet_id._surviving()
        self._check_may(card, wallet)
        self._note_use(wallet)
        self._take_budget()
        accounts_sudo = self.env["tibillet.account"].sudo()  # the ledger's own rows
        asset_sudo = self.sudo().asset_id
        debit = accounts_sudo._get(asset_sudo.issuer_wallet_id, asset_sudo)
        credit = accounts_sudo._get(wallet, asset_sudo)
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # the offer's own rule gives it
        return ledger_sudo._post(
            [
                {
                    "key": key,
                    "origin": origin,
                    "code": "gift",
                    "transfers": [(debit.id, credit.id, self.gift_minor)],
                    "company_id": self.company_id.id,
                    "card_id": card.id,
                    "wallet_id": wallet.id,
                    "memo": self.env._("Offer: %s", self.name),
                }
            ]
        )

    def _check_may(self, card, wallet):
        consents = self.env["tibillet.offer.consent"]
        if not card.partner_id or not consents._is_given(wallet, self.company_id):
            raise self._refused(
                self.env._(
                    "Offers are for those who agreed to them. Nothing was given: ask the holder, "
                    "then note it on the card's page."
                )
            )
        if not self._is_habit_of(wallet):
            raise self._refused(
                self.env._("“%s” is not for this card today. Nothing was given.", self.name)
            )

    def _note_use(self, wallet):
        self.env.flush_all()
        noted = self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_offer_use (offer_id, wallet_id, used_at)
                   VALUES (%s, %s, tibillet_now())
                   ON CONFLICT (offer_id, wallet_id) DO NOTHING RETURNING id""",
                self.id,
                wallet.id,
            )
        )
        if not noted:
            raise self._refused(
                self.env._("“%s” was used by this holder before. Nothing was given.", self.name)
            )

    def _take_budget(self):
        taken = self.env.execute_query(
            SQL(
                """UPDATE tibillet_offer
                      SET used_count = used_count + 1, used_minor = used_minor + gift_minor
                    WHERE id = %s AND active AND used_count < budget_count
                      AND used_minor + gift_minor <= budget_minor
                      AND tibillet_business_day(company_id) BETWEEN start_date AND end_date
                   RETURNING id""",
                self.id,
            )
        )
        self.invalidate_recordset(["used_count", "used_minor"])
        if not taken:
            raise self._refused(
                self.env._(
                    "“%s” is over: its day has passed or its budget is spent. Nothing was given.",
                    self.name,
                )
            )

    @api.model
    def _refused(self, sentence):
        return self.env["tibillet.ledger"]._refusal("not_allowed", sentence)
