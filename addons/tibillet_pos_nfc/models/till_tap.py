"""A tap while it is answered, and what was read of it at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from odoo import fields, models

from odoo.addons.tibillet_wallet.models.tibillet_ledger_basket import ProductFacts

#: How long money stays set aside for an order; the till renews it while it needs it.
HOLD_MINUTES = 5


class Goods(NamedTuple):
    """What a sale looks at, of one product; in the order of ``tibillet_till_read``."""

    product_id: int
    sold: bool
    company_id: int | None
    type: str
    list_price: float
    template_id: int
    alcohol: bool
    alcohol_group: str
    minimum_age: int
    right: str
    deposit: bool
    price_asset_id: int | None
    category_path: str
    merchant_id: int | None
    sold_out_since: datetime | None

    @classmethod
    def of_row(cls, row):
        *facts, since = row
        return cls(*facts, fields.Datetime.to_datetime(since))

    def as_facts(self):
        """What the ledger looks at."""
        return ProductFacts.of_row(
            self.category_path, self.alcohol, self.price_asset_id, self.deposit
        )


@dataclass
class Tap:
    """Who asks what, with the records read already: the rooms of the till look at it in turn.

    ``lines`` are those that were asked for; ``known`` is the operation that the key made when
    it was asked before. ``goods`` is by product, of the lines and of what else is in the basket.
    """

    device: models.BaseModel
    company: models.BaseModel
    card: models.BaseModel
    seq: int
    key: str
    lines: list
    up_to: int | None
    facts: dict
    how: dict
    goods: dict
    known: models.BaseModel
    hold_until: datetime

    @property
    def config(self):
        return self.device.config_id

    def basket_ids(self):
        """Products sold, and what else the till says is in the basket, free goods too."""
        sold = [line["product_id"] for line in self.lines if line["amount_minor"] > 0]
        return list(dict.fromkeys([one for one in sold if one] + self.facts["product_ids"]))

    def goods_of(self, product_ids):
        """Of these products those that exist, in their order."""
        return [self.goods[one] for one in product_ids if one in self.goods]


def fill(record, values):
    """Put what one query has read of a record into its cache, as a read by the ORM would.

    What the record knows already stays: it may be newer.
    """
    for name, value in values.items():
        record._fields[name]._insert_cache(record, [value])
    return record
