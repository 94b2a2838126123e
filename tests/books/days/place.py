"""Three companies with the French chart, what they issue, what they sell, and who holds cards.

Made once, before any seed. A further asset is one line of ``ASSETS``: what can be loaded, spent,
given or paid back of it at a till follows from its kind and its contracts.
"""

from datetime import date

from odoo.fields import Command

COMPANIES = ("coop", "bar", "festival")
#: name: (issuer, values). Loaded with money wherever the ledger says that it may be.
ASSETS = {
    "fed": ("coop", {"kind": "fed"}),
    "token": ("bar", {"kind": "local"}),
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
CARDS, CLAIMED = 10, 3
CONTRACT_DAY = date(2020, 1, 1)
TZ = {"coop": "Europe/Paris", "bar": "Europe/Paris", "festival": "America/Martinique"}


def build(env):
    """Make the place and answer the ids of its records by name."""
    euro = env.ref("base.EUR")
    euro.active = True
    env = env(su=True, context={"tracking_disable": True, "no_reset_password": True})
    made = {"companies": {}, "tills": {}, "users": {}, "goods": {}, "assets": {}, "cards": []}
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
    made["cards"] = [_card(env, number, companies["coop"]) for number in range(CARDS)]
    return made


def _card(env, number, company):
    """The first ones are somebody's, the others anonymous."""
    values = {"uid": f"04DA15{number + 1:08X}", "company_id": company.id, "state": "anonymous"}
    if number < CLAIMED:
        partner = env["res.partner"].create({"name": f"Holder {number + 1}"})
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
    taxes = {
        rate: env["account.chart.template"].with_company(company).ref(xmlid)
        for rate, xmlid in RATES.items()
    }
    for tax in taxes.values():
        tax.active = True
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
    common = {"type": "consu", "available_in_pos": True, "company_id": company.id}
    products = env["product.product"].create([{**common, **some} for some in values])
    return {product.name: product.id for product in products}


def _asset(env, name, company, values):
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
