"""Three companies with the French chart, what they issue, what they sell, and who holds cards.

Made once, before any seed. A further asset is one line of ``ASSETS``: what can be loaded, spent,
given or paid back of it at a till follows from its kind and its contracts.
"""

from datetime import date

from odoo.fields import Command

COMPANIES = ("coop", "bar", "festival")
#: What a holder agreed to: dormant after so many months, then extinguished.
TERMS = {"dormancy_months": 4, "extinguish_allowed": True, "extinguish_terms_date": "2020-01-01"}
#: name: (issuer, values). Loaded with money wherever the ledger says that it may be. With a
#: ``rate`` its tax is due when it is sold.
ASSETS = {
    "fed": ("coop", {"kind": "fed"}),
    "token": ("bar", {"kind": "local", **TERMS}),
    "drink": ("bar", {"kind": "local", "rate": 20, "spend_sequence": 5, **TERMS}),
    "meal": ("coop", {"kind": "local", "rate": 10, "spend_sequence": 5}),
    "voucher": ("bar", {"kind": "voucher", "expiry_months": 1}),
    "welcome": ("coop", {"kind": "gift", "expiry_months": 1}),
    "round": ("bar", {"kind": "gift"}),
    "hours": ("coop", {"kind": "time"}),
}
#: asset, who takes it beside its issuer, and what else the contract lets that place do.
CONTRACTS = (
    ("fed", "bar", {"may_load": True, "may_refund": True}),
    ("fed", "festival", {"may_load": True}),
    ("token", "festival", {}),
    ("welcome", "bar", {}),
    ("welcome", "festival", {}),
)
#: name: (price with tax, rate in per cent)
GOODS = {"beer": (6.0, 20), "tart": (3.5, 10), "juice": (2.7, 5.5), "book": (12.35, 5.5)}
#: rate: tax of the French chart
RATES = {20: "tva_normale", 10: "tva_intermediaire", 5.5: "tva_reduite"}
CUP_PRICE = 1.0
#: whose cups each company hands out
CUPS = {"coop": "coop", "bar": "bar", "festival": "bar"}
#: A stand with its own company number at the bar, what it sells, and what it takes.
STAND = "bar"
STAND_GOODS = {"galette": (11.0, 10), "water": (2.11, 5.5)}
STAND_TAKES = ("fed", "token", "voucher", "welcome", "round")
COMMISSION = 15
CARDS, CLAIMED, SLEEPERS = 10, 3, 3
CONTRACT_DAY = date(2020, 1, 1)
TZ = {"coop": "Europe/Paris", "bar": "Europe/Paris", "festival": "America/Martinique"}


def build(env):
    """Make the place and answer the ids of its records by name."""
    euro = env.ref("base.EUR")
    euro.active = True
    env = env(su=True, context={"tracking_disable": True, "no_reset_password": True})
    made = {"companies": {}, "tills": {}, "users": {}, "goods": {}, "assets": {}}
    companies = {name: _company(env, name, euro) for name in COMPANIES}
    env.user.company_ids |= env["res.company"].union(*companies.values())
    for name, company in companies.items():
        here = env(context={**env.context, "allowed_company_ids": [company.id]})
        made["companies"][name] = company.id
        made["users"][name] = _people(here, name, company)
        made["tills"][name] = _till(here, name, company)
        made["goods"][name] = _goods(here, name, company, companies[CUPS[name]])
    for name, (issuer, values) in ASSETS.items():
        made["assets"][name] = _asset(env, name, companies[issuer], values).id
    for asset, company, terms in CONTRACTS:
        _contract(env, made["assets"][asset], companies[company], terms)
    company = companies["coop"]
    made["cards"] = [_card(env, number, company, number < CLAIMED) for number in range(CARDS)]
    made["sleepers"] = [_card(env, CARDS + number, company, True) for number in range(SLEEPERS)]
    _stand(env, made, companies[STAND])
    return made


def _card(env, number, company, claimed):
    """Somebody's card, or an anonymous one."""
    values = {"uid": f"04DA15{number + 1:08X}", "company_id": company.id, "state": "anonymous"}
    if claimed:
        mail = f"holder{number + 1}@example.org"
        partner = env["res.partner"].create({"name": f"Holder {number + 1}", "email": mail})
        wallet = env["tibillet.wallet"].create({"kind": "person", "partner_id": partner.id})
        values |= {"state": "claimed", "wallet_id": wallet.id}
    return env["tibillet.card"].create(values).id


def _company(env, name, euro):
    company = (
        env["res.company"]
        # Naming a country would make Odoo install every addon of it.
        .with_context(chart_template_load=True)
        .create(
            {
                "name": f"Days {name}",
                "currency_id": euro.id,
                "country_id": env.ref("base.fr").id,
                "account_price_include": "tax_included",
                "point_of_sale_update_stock_quantities": "closing",
                "tibillet_second_factor": False,
                **{f"tibillet_{what}_limit_minor": 0 for what in ("stored", "spent", "tap")},
            }
        )
    )
    company.email = f"{name}@example.org"  # at its creation Odoo would look it up outside
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    env["tibillet.place"]._of_company(company).write({"tz": TZ[name], "business_day_hour": 4})
    company._tibillet_ensure_accounts()
    return company


def _people(env, name, company):
    groups = {
        "cashier": ("point_of_sale.group_pos_user",),
        "manager": (
            "point_of_sale.group_pos_manager",
            "tibillet_wallet.tibillet_wallet_group_manager",
        ),
        "accountant": (
            "account.group_account_manager",
            "tibillet_wallet.tibillet_wallet_group_accountant",
        ),
    }
    return {
        role: env["res.users"]
        .create(
            {
                "name": f"{role} {name}",
                "login": f"days_{role}_{name}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set([env.ref(group).id for group in some])],
            }
        )
        .id
        for role, some in groups.items()
    }


def _till(env, name, company):
    journal = env["account.journal"].create(
        {"name": "Caisse", "type": "cash", "code": "ESP", "company_id": company.id}
    )
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    methods = env["pos.payment.method"].create(
        [
            {"name": what, "journal_id": one.id, "company_id": company.id}
            for what, one in (("Espèces", journal), ("Carte bancaire", bank))
        ]
    )
    config = env["pos.config"].create(
        {
            "name": f"Till {name}",
            "company_id": company.id,
            "module_pos_restaurant": False,
            "payment_method_ids": [Command.set(methods.ids)],
        }
    )
    config.tibillet_wallet = True
    return {"config": config.id, "cash": methods[0].id, "bank": methods[1].id}


def _goods(env, name, company, cup_owner):
    taxes = {rate: _tax(env, company, rate) for rate in RATES}
    values = [
        {"name": what, "list_price": price, "taxes_id": [Command.set(taxes[rate].ids)]}
        for what, (price, rate) in GOODS.items()
    ]
    own = cup_owner == company
    values.append(
        {
            "name": "cup",
            "list_price": CUP_PRICE,
            "taxes_id": [Command.clear()],
            "tibillet_deposit": True,
            "tibillet_deposit_owner_id": False if own else cup_owner.partner_id.id,
        }
    )
    # Nothing is counted here: the stock has days of its own.
    common = {"type": "service", "available_in_pos": True, "company_id": company.id}
    products = env["product.product"].create([{**common, **some} for some in values])
    return {product.name: product.id for product in products}


def _tax(env, company, rate):
    tax = env["account.chart.template"].with_company(company).ref(RATES[rate])
    tax.active = True
    return tax


def _asset(env, name, company, values):
    values = dict(values)
    if rate := values.pop("rate", None):
        values |= {"vat_nature": "single", "vat_tax_id": _tax(env, company, rate).id}
    asset = env["tibillet.asset"].create(
        {"name": f"Days {name}", "code": f"days-{name}", "company_id": company.id, **values}
    )
    if asset.backed:
        asset._ensure_liability_account()
    return asset


def _contract(env, asset_id, company, terms):
    env["tibillet.acceptance"].create(
        {"asset_id": asset_id, "company_id": company.id, "contract_date": CONTRACT_DAY, **terms}
    ).write({"state": "active", "agreed_by_id": env.uid, "countersigned_by_id": env.uid})


def _stand(env, made, company):
    """A food truck: contract, till, cashier and articles in one act, as a manager sets it up."""
    here = env(context={**env.context, "allowed_company_ids": [company.id]})
    partner = here["res.partner"].create(
        {
            "name": "Days Galettes",
            "is_company": True,
            "company_registry": "73282932000074",
            "country_id": env.ref("base.fr").id,
        }
    )
    bank = here["res.partner.bank"].create(
        {"acc_number": "FR1420041010050500013M02606", "partner_id": partner.id}
    )
    merchant = here["tibillet.merchant"].create(
        {
            "name": "Days galettes",
            "company_id": company.id,
            "partner_id": partner.id,
            "date_from": "2020-01-01 12:00:00",
            "date_to": "2040-01-01 12:00:00",
            "signed_on": CONTRACT_DAY,
            "signed_by": "Zoé Le Gall",
            "asset_ids": [Command.set([made["assets"][name] for name in STAND_TAKES])],
            "commission_rate": COMMISSION,
            "bank_id": bank.id,
            "cash_means": "held",
            "bank_card_means": "held",
        }
    )
    here["tibillet.merchant.till"].create(
        {
            "merchant_id": merchant.id,
            "cashier_login": "days_stand",
            "cashier_password": "galette-complete",
            "line_ids": [
                Command.create(
                    {"name": name, "price": price, "tax_id": _tax(here, company, rate).id}
                )
                for name, (price, rate) in STAND_GOODS.items()
            ],
        }
    ).action_confirm()
    methods = {method.type: method.id for method in merchant.config_ids.payment_method_ids}
    made["merchant"] = merchant.id
    made["users"]["stand"] = {**made["users"][STAND], "cashier": merchant.user_ids.id}
    made["tills"]["stand"] = {
        "config": merchant.config_ids.id,
        **{way: methods[way] for way in ("cash", "bank")},
    }
    products = merchant.product_ids.product_variant_id
    made["goods"]["stand"] = {product.name: product.id for product in products}
