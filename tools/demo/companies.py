"""Languages and three companies, each with the French chart and prices that include tax."""

from .territory import COOP, TOWN, ZIP

VERSION = 1

CHART = "fr"


def build(builder):
    """Make the companies; prices include tax before any accounting line can exist."""
    env = builder.env
    _languages(env)
    france = env.ref("base.fr")
    for place in builder.places:
        found = builder.find(f"company_{place.slug}")
        values = {
            "name": place.name,
            "street": place.street,
            "zip": ZIP,
            "city": TOWN,
            "country_id": france.id,
            "phone": place.phone,
            "email": place.email,
            "currency_id": env.ref("base.EUR").id,
            "account_price_include": "tax_included",
            # A newcomer tries the buttons at once; a venue leaves the second factor on.
            "tibillet_second_factor": False,
            # Odoo would ask its own enrichment service about a company it has just met.
            "iap_enrich_auto_done": True,
        }
        if found is None:
            # Naming a country makes Odoo install every addon of that country, in a transaction of
            # its own; the list of modules.txt is the whole list.
            companies = env["res.company"].with_context(chart_template_load=True)
            if place is COOP:
                company = companies.browse(_first_company(env).id)
                company.write(values)
            else:
                company = companies.create(values)
            builder.remember(f"company_{place.slug}", company)
        company = builder.company(place.slug)
        company.partner_id.write({"lang": "fr_FR", "tz": "Europe/Paris"})
        if company.chart_template != CHART:
            env["account.chart.template"].try_loading(CHART, company, install_demo=False)
        if not env["stock.warehouse"].search_count([("company_id", "=", company.id)]):
            env["stock.warehouse"].with_company(company).create(
                {"name": place.name, "code": place.slug[:5].upper(), "company_id": company.id}
            )
        # Stock goes down with the beer, not at the end of the evening.
        company.point_of_sale_update_stock_quantities = "real"
    _see_everywhere(builder)
    return f"{len(builder.places)} companies"


def _first_company(env):
    """The co-operative is the database's first company: it answers where no other name does."""
    return env.ref("base.main_company")


def _languages(env):
    french = env["res.lang"].with_context(active_test=False).search([("code", "=", "fr_FR")])
    if not french.active:
        wizard = env["base.language.install"].create({"lang_ids": [(6, 0, french.ids)]})
        wizard.lang_install()


def _see_everywhere(builder):
    """The administrator of the database works in all three places."""
    admin = builder.env.ref("base.user_admin")
    companies = [builder.company(place.slug).id for place in builder.places]
    admin.write(
        {
            "company_ids": [(4, company_id) for company_id in companies],
            "lang": "fr_FR",
            "tz": "Europe/Paris",
        }
    )
