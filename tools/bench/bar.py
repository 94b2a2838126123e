"""A French bar with as many open tills as a figure asks for, made through the ORM."""

import secrets
import uuid
from dataclasses import dataclass

from tools.simulate.people import new_cashier

CARDS = 400
LOAD_MINOR = 25_000
PASSWORD = "bench-password"
LOGIN = "bench-cashier"


@dataclass
class Till:
    """An open till: its session, its paired device and the sale it repeats."""

    session: int
    config: int
    device: int
    credential: str
    company: int
    pricelist: int
    wallet_method: int
    cash_method: int
    beer: int
    taxes: list
    cashier: int

    def order(self, key=None):
        """What the browser sends for a beer, paid by card (its key) or in cash."""
        return {
            "uuid": str(uuid.uuid4()),
            "name": "Order",
            "session_id": self.session,
            "company_id": self.company,
            "user_id": self.cashier,
            "pricelist_id": self.pricelist,
            "fiscal_position_id": False,
            "partner_id": False,
            "sequence_number": 1,
            "state": "paid",
            "to_invoice": False,
            "date_order": "2026-11-20 20:00:00",
            "amount_total": 6.0,
            "amount_tax": 1.0,
            "amount_paid": 6.0,
            "amount_return": 0,
            "last_order_preparation_change": "{}",
            "lines": [
                (
                    0,
                    0,
                    {
                        "product_id": self.beer,
                        "qty": 1,
                        "price_unit": 6.0,
                        "discount": 0,
                        "tax_ids": [(6, 0, self.taxes)],
                        "price_subtotal": 5.0,
                        "price_subtotal_incl": 6.0,
                        "uuid": str(uuid.uuid4()),
                    },
                )
            ],
            "payment_ids": [
                (
                    0,
                    0,
                    {
                        "payment_method_id": self.wallet_method if key else self.cash_method,
                        "amount": 6.0,
                        "uuid": str(uuid.uuid4()),
                        "transaction_id": key or False,
                        "tibillet_device_id": self.device if key else False,
                    },
                )
            ],
        }


@dataclass
class Bar:
    tills: list
    uids: list


def build(env, tills=1, cards=CARDS):
    """Company, chart, certification, goods, cards and open tills; the caller commits."""
    # install_mode: no further localisation is installed while the figure is being prepared
    company = (
        env["res.company"]
        .with_context(install_mode=True)
        .create(
            {
                "name": f"Bench {secrets.token_hex(3)}",
                "country_id": env.ref("base.fr").id,
                "currency_id": env.ref("base.EUR").id,
            }
        )
    )
    env.user.company_ids |= company
    env = env(context={"allowed_company_ids": company.ids})
    company = company.with_env(env)
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    for kind in ("acts", "lookups"):
        env["ir.config_parameter"].set_param(f"tibillet_pos_nfc.{kind}_per_minute", 10**8)
    cashier = new_cashier(env, company, "Bench", LOGIN, PASSWORD)
    tax = env["account.tax"].create(
        {
            "name": "Bench 20 %",
            "amount": 20,
            "price_include_override": "tax_included",
            "company_id": company.id,
            "country_id": company.country_id.id,
        }
    )
    beer = env["product.product"].create(
        {
            "name": "Beer",
            "available_in_pos": True,
            "is_storable": True,
            "list_price": 6.0,
            "taxes_id": [(6, 0, tax.ids)],
            "company_id": company.id,
        }
    )
    uids = _cards(env, company, cards)
    made = [_till(env, company, number, beer, tax, cashier) for number in range(tills)]
    return Bar(made, uids)


def _cards(env, company, count):
    asset = env["tibillet.asset"].create(
        {"name": "Bench token", "code": f"bench-{company.id}", "company_id": company.id}
    )
    uids = [f"04{number:012X}" for number in range(count)]
    # Of persons: a card without a name pays so much in thirty days and no more.
    # People's wallets and cards are made by the acts of the desk.
    wallets_sudo, cards_sudo = env["tibillet.wallet"].sudo(), env["tibillet.card"].sudo()
    wallets = wallets_sudo.create([{"kind": "person"} for _uid in uids]).with_env(env)
    cards_sudo.create(
        [
            {"uid": uid, "company_id": company.id, "state": "claimed", "wallet_id": wallet.id}
            for uid, wallet in zip(uids, wallets, strict=True)
        ]
    )
    Account = env["tibillet.account"]
    issuer = Account._get(asset.issuer_wallet_id, asset)
    env["tibillet.ledger"]._post(
        [
            {
                "key": secrets.token_hex(8),
                "origin": "bench",
                "code": "topup",
                "company_id": company.id,
                "transfers": [(issuer.id, Account._get(wallet, asset).id, LOAD_MINOR)],
            }
            for wallet in wallets
        ]
    )
    return uids


def _till(env, company, number, beer, tax, cashier):
    journal = env["account.journal"].create(
        {"name": f"Cash {number}", "type": "cash", "code": f"K{number}", "company_id": company.id}
    )
    cash = env["pos.payment.method"].create(
        {"name": f"Cash {number}", "journal_id": journal.id, "company_id": company.id}
    )
    config = env["pos.config"].create(
        {
            "name": f"Till {number}",
            "company_id": company.id,
            "module_pos_restaurant": False,
            "payment_method_ids": [(6, 0, cash.ids)],
        }
    )
    config.tibillet_wallet = True
    config.with_user(cashier).open_ui()
    session = config.current_session_id
    session.set_opening_control(0, "")
    device = env["tibillet.device"].create({"name": f"Till {number}", "config_id": config.id})
    return Till(
        session=session.id,
        config=config.id,
        device=device.id,
        credential=device.sudo()._give_credential(),
        company=company.id,
        pricelist=config.pricelist_id.id,
        wallet_method=config._tibillet_methods().id,
        cash_method=cash.id,
        beer=beer.id,
        taxes=tax.ids,
        cashier=cashier.id,
    )
