"""One till a place: cash, bank card, stock in real time, and the wallet when it is there."""

from . import products
from .territory import BAR, FESTIVAL

VERSION = 1

# floor (Odoo does not translate its name), seats of its tables
FLOORS = (("Salle", (2, 2, 4, 4, 6)), ("Terrasse", (4, 4, 4, 8)))


def build(builder):
    """Make the tills with their journals, payment methods and tables."""
    for place in builder.places:
        _till(builder, place)
    return f"{len(builder.places)} tills"


def _till(builder, place):
    company = builder.company(place.slug)
    env = builder.at(place.slug)
    cash_journal = builder.put(
        f"journal_cash_{place.slug}",
        "account.journal",
        {"name": f"Espèces {place.till}", "type": "cash", "code": "ESP", "company_id": company.id},
        company=company,
    )
    bank_journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    methods = [
        builder.put(
            f"method_{kind}_{place.slug}",
            "pos.payment.method",
            {
                "name": name,
                "journal_id": journal.id,
                "company_id": company.id,
                "sequence": sequence,
            },
            company=company,
        )
        for sequence, (kind, name, journal) in enumerate(
            (("cash", "Espèces", cash_journal), ("card", "Carte bancaire", bank_journal)), 1
        )
    ]
    for method, english in zip(methods, ("Cash", "Bank card"), strict=True):
        builder.translate(method, name=english)
    categories = [builder.find(f"category_{key}").id for key in products.categories_of(place.slug)]
    config = builder.put(
        f"till_{place.slug}",
        "pos.config",
        {
            "name": f"{place.name} – {place.till}",
            "company_id": company.id,
            "module_pos_restaurant": place in (BAR, FESTIVAL),
            "default_screen": "register",
            "payment_method_ids": [(6, 0, [method.id for method in methods])],
            "limit_categories": True,
            "iface_available_categ_ids": [(6, 0, categories)],
            "show_product_images": True,
            "show_category_images": False,
            "iface_tax_included": "total",
            "receipt_footer": f"{place.name}\n{place.street}\nÀ bientôt !",
            "self_ordering_mode": "nothing",
        },
        company=company,
    )
    if place is BAR:
        _floors(builder, config, company)


def _floors(builder, config, company):
    if builder.find("floor_1") is None:
        config.floor_ids.unlink()  # the one table that Odoo gives to a new till
    table_number = 0
    for floor_number, (name, tables) in enumerate(FLOORS, 1):
        floor = builder.put(
            f"floor_{floor_number}",
            "restaurant.floor",
            {"name": name, "pos_config_ids": [(4, config.id)], "sequence": floor_number},
            company=company,
        )
        for column, seats in enumerate(tables):
            table_number += 1
            builder.put(
                f"table_{table_number}",
                "restaurant.table",
                {
                    "table_number": table_number,
                    "floor_id": floor.id,
                    "seats": seats,
                    "shape": "round" if seats == 2 else "square",
                    "position_h": 60 + 190 * (column % 3),
                    "position_v": 60 + 180 * (column // 3),
                    "width": 110 if seats < 6 else 160,
                    "height": 110,
                },
                company=company,
            )
