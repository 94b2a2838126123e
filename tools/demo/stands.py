"""Two stands of the festival's weekend: drink tokens sold with their tax, and a food truck."""

import datetime

from . import desk
from .people import login
from .rows import cup
from .territory import PASSWORD

# a single-purpose voucher: what it buys bears one rate, its tax is due when it is sold
TOKEN, TOKEN_CODE = "drink", "jeton-boisson"
CUPS_OUT, CUPS_BACK, CUPS_KEPT = 6, 3, 2
TRUCK, CASHIER = "truck", "stand"
TRUCK_NAME, TRUCK_COMPANY = "La Galette à Zoé", "Zoé Kervella SARL"
SIRET, VAT = "99900001100018", "FR66999000011"
TRUCK_IBAN = "FR7699999229900000444444415"
COMMISSION = 15
MENU = (("complete", "Galette complète", 9.0), ("jus", "Jus de poire", 3.0))
#: What three cards order there; two more galettes go for cash.
ORDERED = ("complete", "complete", "jus")


def token(builder):
    """The festival's drink token, bought and spent at its own bar."""
    company = builder.company("festival")
    tax = builder.tax("festival", "tva_normale")
    asset = builder.put(
        f"asset_{TOKEN}",
        "tibillet.asset",
        {
            "name": "Jeton boisson",
            "code": TOKEN_CODE,
            "kind": "local",
            "company_id": company.id,
            "vat_nature": "single",
            "vat_tax_id": tax.id,
            "spend_sequence": 5,
        },
        company=company,
    )
    builder.translate(asset, name="Drink token")
    asset._ensure_liability_account()
    return asset


def drink_tokens(builder, till, card):
    """Three beers' worth sold with its tax; one drunk, one paid back, one kept for next year."""
    asset = token(builder)
    till.sell_top_up(asset, card, 1800, kind="cash")
    till.tap(card, "pinte")
    till.act("refund", card, {"asset_id": asset.id, "price_minor": 600, "means": "cash"})


def cups(builder, till, card):
    """Six out with their beers, three back in the evening."""
    product = cup(builder, "festival")
    till.sell_goods(product, CUPS_OUT, "cash")
    till.cups_back(card, product, CUPS_BACK)


def keep_cups(builder, clock):
    """On Monday the treasurer gives up two cups: they went home with somebody."""
    env = builder.at("festival")
    tax = builder.tax("festival", "tva_normale")
    kept = (
        env["tibillet.deposit.kept"]
        .with_user(builder.find("user_festival_compta"))
        .create(
            {
                "product_id": cup(builder, "festival").id,
                "count": CUPS_KEPT,
                "day": clock.moment.date(),
                "tax_id": tax.id,
                "reason": "Gobelets non rendus à la fin du week-end",
            }
        )
    )
    kept.action_keep()


def sign(builder, clock):
    """On Friday the truck's contract is signed, and its till made in one act."""
    env = builder.at("festival")
    partner = builder.put(
        "partner_truck",
        "res.partner",
        {
            "name": TRUCK_COMPANY,
            "is_company": True,
            "company_registry": SIRET,
            "vat": VAT,
            "street": "8 venelle du Four",
            "zip": "22999",
            "city": "Port-Lannec",
            "country_id": env.ref("base.fr").id,
            "email": login("galette", CASHIER),
            "lang": "fr_FR",
            "company_id": env.company.id,
        },
    )
    bank = builder.put(
        "bank_truck", "res.partner.bank", {"acc_number": TRUCK_IBAN, "partner_id": partner.id}
    )
    manager = builder.find("user_festival_gerance")
    merchant = (
        env["tibillet.merchant"]
        .with_user(manager)
        .create(
            {
                "name": TRUCK_NAME,
                "company_id": env.company.id,
                "partner_id": partner.id,
                "date_from": clock.moment,
                "date_to": clock.moment + datetime.timedelta(days=2),
                "signed_on": clock.moment.date(),
                "signed_by": "Zoé Kervella",
                "contract_reference": "STAND-1",
                "asset_ids": [
                    (6, 0, [builder.find("asset_fed").id, builder.find("asset_voucher").id])
                ],
                "commission_rate": COMMISSION,
                "bank_id": bank.id,
                "cash_means": "held",
                "bank_card_means": "none",
            }
        )
    )
    builder.remember("merchant_truck", merchant)
    tax = builder.tax("festival", "tva_intermediaire")
    form = (
        env["tibillet.merchant.till"]
        .with_user(manager)
        .create(
            {
                "merchant_id": merchant.id,
                "cashier_name": "Zoé Kervella",
                "cashier_login": login("festival", CASHIER),
                "cashier_password": PASSWORD * 2,
                "line_ids": [
                    (0, 0, {"name": name, "price": price, "tax_id": tax.id})
                    for _key, name, price in MENU
                ],
            }
        )
    )
    form.action_confirm()
    builder.remember(f"till_{TRUCK}", merchant._configs())
    cashier = merchant.sudo().user_ids
    cashier.notification_type = "inbox"
    builder.remember(f"user_{TRUCK}_caisse", cashier)
    for key, name, _price in MENU:
        found = merchant.sudo().product_ids.filtered(lambda one, name=name: one.name == name)
        builder.remember(f"product_{TRUCK}_{key}", found.product_variant_id)
    return merchant


def sell(builder, clock, cards):
    """On Saturday it sells by card and for cash, at its own till."""
    till = desk.Till(builder, "festival", " truck", till=TRUCK)
    menu = {
        key: till.env["product.product"].browse(builder.find(f"product_{TRUCK}_{key}").id)
        for key, *_rest in MENU
    }
    drawer = till.session.config_id.payment_method_ids.filtered("is_cash_count")
    for card, key in zip(cards, ORDERED, strict=True):
        clock.later(7)
        till.paid(till.hold_for(card, menu[key], menu[key].lst_price))
    till.sell_goods(menu["complete"], 2, "cash", {"payment_method_id": drawer.id})
    clock.later(90)
    till.close()


def pay_out(builder, merchant):
    """On Monday: the statement, the commission's invoice, and what is left is paid."""
    accountant = builder.find("user_festival_compta")
    env = builder.at("festival")
    merchant = env["tibillet.merchant"].with_user(accountant).browse(merchant.id)
    statement = env["tibillet.merchant.statement"].browse(
        merchant.action_make_statement()["res_id"]
    )
    statement = statement.with_user(accountant)
    statement.action_agree()
    statement.action_pay()
    builder.remember("statement_truck", statement)
