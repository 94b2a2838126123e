"""The law of the goods: who may be sold what, at which till, paid how.

France: public health code, L. 3322-3 (credit), L. 3323-1 (happy hour), L. 3334-2 and L. 3331-1
(licences), L. 3342-1 (minors: the seller asks for proof). The same questions are asked at the
tap, where a refusal takes nothing, and on the order, whatever way it became paid.
"""

from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

ADULT = 18
# Groups of drinks that a licence covers. A group that nobody named is covered by the widest only.
LICENCES = {
    "all": {"1", "2", "3", "4", "5"},
    "3": {"1", "2", "3"},
    "none": {"1"},
}
FIELDS = (
    "tibillet_alcohol",
    "tibillet_alcohol_group",
    "tibillet_minimum_age",
    "tibillet_right_code",
)
RULES_OF_TILL = (
    "company_id",
    "tibillet_licence",
    "tibillet_members_only",
    "tibillet_members_right",
)


class LawFacts(NamedTuple):
    """What the law looks at, of one product that it looks at."""

    product_id: int
    alcohol: bool
    group: str
    age: int
    right: str

    @classmethod
    def of(cls, product_id, alcohol, group, minimum_age, right):
        """From the columns of a product's template; alcohol has its age by law."""
        age = max(minimum_age or 0, ADULT if alcohol else 0)
        return cls(product_id, bool(alcohol), group or "", age, right or "")

    def is_of_interest(self):
        return bool(self.alcohol or self.age or self.right)


class TibilletLaw(models.AbstractModel):
    _name = "tibillet.law"
    _description = "Law of the goods"

    @api.model
    def _facts(self, product_ids):
        """Of these products, those that the law looks at, in their order; one query."""
        if not product_ids:
            return []
        self.env["product.template"].flush_model(FIELDS)
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, t.tibillet_alcohol, t.tibillet_alcohol_group,
                          t.tibillet_minimum_age, t.tibillet_right_code
                     FROM product_product p
                     JOIN product_template t ON t.id = p.product_tmpl_id
                    WHERE p.id = ANY(%s)
                 ORDER BY array_position(%s, p.id)""",
                list(product_ids),
                list(product_ids),
            )
        )
        facts = [LawFacts.of(*row) for row in rows]
        return [fact for fact in facts if fact.is_of_interest()]

    @api.model
    def _refusal(self, config, product_ids, *, partners, age_seen=False):
        """Why these goods are not sold at this till to these people, or None.

        :param config: the ``pos.config``
        :param partners: holders of the cards and customer of the order; may be empty
        :param age_seen: whether the cashier saw a proof of age for this basket
        :returns: a ``LedgerError`` (``not_for_this`` or ``age_needed``), not raised
        """
        facts = self._facts(product_ids)
        return self._refusal_of(config, facts, partners=partners, age_seen=age_seen)

    @api.model
    def _refusal_of(self, config, facts, *, partners, age_seen=False):
        """The same for goods whose facts are read already."""
        if not facts:
            return None
        config_sudo = config.sudo()  # a cashier reads no rule of the till
        config_sudo.fetch(RULES_OF_TILL)  # of its hundred columns these: a customer waits
        return (
            self._refusal_of_licence(config_sudo, facts)
            or self._refusal_of_rights(config_sudo, facts, partners)
            or self._refusal_of_age(facts, partners, age_seen)
        )

    @api.model
    def _refusal_of_licence(self, config, facts):
        allowed = LICENCES[config.tibillet_licence]
        for fact in facts:
            if not fact.alcohol or (fact.group or "5") in allowed:
                continue
            name = self._name_of(fact)
            if config.tibillet_licence == "none":
                return LedgerError(
                    "not_for_this",
                    self.env._(
                        "“%(product)s” is alcohol, and this till has no licence for it. Take it "
                        "off, or sell it at a till that has one.",
                        product=name,
                    ),
                )
            if not fact.group:
                return LedgerError(
                    "not_for_this",
                    self.env._(
                        "“%(product)s” has no group of drinks, and the licence of this till does "
                        "not cover all. Take it off; a manager sets its group in the product.",
                        product=name,
                    ),
                )
            return LedgerError(
                "not_for_this",
                self.env._(
                    "“%(product)s” is a drink of group %(group)s, which the licence of this till "
                    "does not cover. Take it off, or sell it at a till whose licence does.",
                    product=name,
                    group=fact.group,
                ),
            )
        return None

    @api.model
    def _refusal_of_rights(self, config, facts, partners):
        wanted = [(fact, code) for fact in facts for code in self._rights_wanted(config, fact)]
        if not wanted:
            return None
        held = frozenset().union(
            *(partner_sudo._tibillet_rights(config.company_id) for partner_sudo in partners.sudo())
        )
        for fact, code in wanted:
            if code not in held:
                return LedgerError(
                    "not_for_this",
                    self.env._(
                        "“%(product)s” is for members only (right “%(right)s”). Tap the card of "
                        "a member, or take it off.",
                        product=self._name_of(fact),
                        right=code,
                    ),
                )
        return None

    @api.model
    def _rights_wanted(self, config, fact):
        if fact.right:
            yield fact.right
        if config.tibillet_members_only and fact.alcohol:
            yield config.tibillet_members_right

    @api.model
    def _refusal_of_age(self, facts, partners, age_seen):
        oldest = max(facts, key=lambda fact: fact.age)
        if not oldest.age:
            return None
        known = False
        for partner_sudo in partners.sudo():  # a cashier is told yes or no, never a birth date
            birth_date = partner_sudo.tibillet_birth_date
            if not birth_date:
                continue
            known = True
            if birth_date + relativedelta(years=oldest.age) > self._today():
                return LedgerError(
                    "not_for_this",
                    self.env._(
                        "“%(product)s” is sold from %(age)s on, and the holder of this card is "
                        "younger. Take it off.",
                        product=self._name_of(oldest),
                        age=oldest.age,
                    ),
                )
        if known or age_seen:
            return None
        return LedgerError(
            "age_needed",
            self.env._(
                "“%(product)s” is sold from %(age)s on. Ask for a proof of age, then touch “Age "
                "seen”; or take it off.",
                product=self._name_of(oldest),
                age=oldest.age,
            ),
        )

    @api.model
    def _refusal_of_credit(self, product_ids):
        """Alcohol is never sold on credit: no customer account, no slate."""
        for fact in self._facts(product_ids):
            if fact.alcohol:
                return LedgerError(
                    "not_for_this",
                    self.env._(
                        "“%(product)s” is alcohol: it is never sold on credit. Have it paid now, "
                        "or take it off.",
                        product=self._name_of(fact),
                    ),
                )
        return None

    @api.model
    def _name_of(self, fact):
        product_sudo = self.env["product.product"].sudo().browse(fact.product_id)  # its name
        return product_sudo.name

    @api.model
    def _today(self):
        return fields.Date.context_today(self)
