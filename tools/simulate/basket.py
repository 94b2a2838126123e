"""What a browser sends of a basket: to a tap, and as an order."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class Line:
    """So many of an article; ``key`` makes it a promised top-up, ``refunds`` a line taken back."""

    article: object
    qty: int
    key: str = ""
    refunds: int = 0
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def minor(self):
        return self.article.price_minor * self.qty

    @property
    def net_minor(self):
        return round(self.minor / (1 + self.article.rate))


@dataclass
class Paid:
    """One payment of an order; ``key`` and ``uid`` when a card paid it."""

    method: int
    minor: int
    key: str = ""
    uid: str = ""


def total(lines):
    return sum(line.minor for line in lines)


def goods(lines):
    """Lines that a card may pay: money for a card is no goods (basket.js)."""
    return [line for line in lines if not line.key]


def as_tapped(lines):
    """The basket of a tap (basket.js)."""
    return [
        {
            "product_id": line.article.product,
            "amount_minor": line.minor,
            "refunded_line_id": line.refunds or False,
            "qty": line.qty,
            "discount": 0,
            "seen_price": line.article.price_minor / 100,
        }
        for line in goods(lines)
    ]


def facts(lines, also=(), elsewhere_minor=0):
    """What is said beside a tap (law.js, tap_hold.js)."""
    return {
        "age_seen": True,
        "product_ids": sorted({line.article.product for line in goods(lines)}),
        "asked": True,
        "kept": False,
        "also": list(also),
        "elsewhere_minor": elsewhere_minor,
    }


def as_order(place, device, seq, number, lines, payments, change_minor=0):
    """The order as the browser serializes it, paid."""
    amount = total(lines)
    refund = any(line.refunds for line in lines)
    return {
        "uuid": str(uuid.uuid4()),
        "name": f"Order {number}",
        "session_id": place.session,
        "company_id": False,
        "user_id": place.cashier,
        "pricelist_id": place.pricelist,
        "fiscal_position_id": False,
        "partner_id": False,
        "sequence_number": number,
        "state": "paid",
        "to_invoice": False,
        "is_refund": refund,
        "date_order": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "amount_total": amount / 100,
        "amount_tax": (amount - sum(line.net_minor for line in lines)) / 100,
        "amount_paid": sum(paid.minor for paid in payments) / 100,
        "amount_return": -change_minor / 100,  # below zero, as the browser has it
        "last_order_preparation_change": "{}",
        "tibillet_device_id": device,
        "tibillet_device_seq": seq,
        "tibillet_age_seen": True,
        "lines": [(0, 0, _line_values(line, device)) for line in lines],
        "payment_ids": [(0, 0, _payment_values(paid, device)) for paid in payments],
    }


def _line_values(line, device):
    values = {
        "uuid": line.uuid,
        "product_id": line.article.product,
        "qty": line.qty,
        "price_unit": line.article.price_minor / 100,
        "discount": 0,
        "tax_ids": [(6, 0, list(line.article.taxes))],
        "price_subtotal": line.net_minor / 100,
        "price_subtotal_incl": line.minor / 100,
    }
    if line.key:
        values |= {"tibillet_operation_key": line.key, "tibillet_device_id": device}
    if line.refunds:
        values["refunded_orderline_id"] = line.refunds
    return values


def _payment_values(paid, device):
    return {
        "uuid": str(uuid.uuid4()),
        "payment_method_id": paid.method,
        "amount": paid.minor / 100,
        "transaction_id": paid.key or False,
        "tibillet_device_id": device if paid.key else False,
    }
