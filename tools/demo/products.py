"""Products by category with their pictures, tax included in the price, and stock on the shelf."""

from dataclasses import dataclass

from . import pictures

VERSION = 1

FULL, MIDDLE, REDUCED = "tva_normale", "tva_intermediaire", "tva_reduite"

# key, French, English, colour of Odoo's palette, picture
CATEGORIES = (
    ("beer", "Bières et cidres", "Beers and ciders", 3, "pint"),
    ("wine", "Vins", "Wines", 9, "wine"),
    ("soft", "Sans alcool", "Soft drinks", 10, "juice"),
    ("hot", "Boissons chaudes", "Hot drinks", 2, "coffee"),
    ("food", "À manger", "Food", 1, "galette"),
    ("grocery", "Épicerie", "Groceries", 4, "jar"),
    ("shop", "Boutique", "Shop", 5, "shirt"),
    ("workshop", "Atelier", "Workshop", 8, "spanner"),
)


@dataclass(frozen=True)
class Article:
    """One thing on sale: ``price`` is what the customer pays, tax included."""

    key: str
    category: str
    french: str
    english: str
    price: float
    cost: float
    tax: str
    picture: str
    stock: int = 0
    online: bool = False


BAR = (
    Article("blonde", "beer", "Pinte de blonde", "Pint of lager", 6.0, 2.1, FULL, "pint", 900),
    Article("demi", "beer", "Demi de blonde", "Half of lager", 3.5, 1.1, FULL, "half", 900),
    Article(
        "rousse", "beer", "Pinte de rousse", "Pint of red ale", 6.5, 2.4, FULL, "red_pint", 500
    ),
    Article(
        "cidre", "beer", "Bolée de cidre brut", "Bowl of dry cider", 3.0, 0.9, FULL, "cider", 500
    ),
    Article("blanc", "wine", "Verre de blanc", "Glass of white", 4.0, 1.2, FULL, "white", 300),
    Article("rouge", "wine", "Verre de rouge", "Glass of red", 4.0, 1.2, FULL, "wine", 300),
    Article("pomme", "soft", "Jus de pomme", "Apple juice", 3.0, 0.8, MIDDLE, "juice", 300),
    Article("cola", "soft", "Cola d'ici", "Local cola", 3.2, 1.0, MIDDLE, "cola", 300),
    Article("limonade", "soft", "Limonade", "Lemonade", 2.8, 0.7, MIDDLE, "lemonade", 300),
    Article("sirop", "soft", "Sirop à l'eau", "Cordial", 1.5, 0.2, MIDDLE, "syrup"),
    Article("cafe", "hot", "Café", "Coffee", 1.6, 0.3, MIDDLE, "coffee"),
    Article("the", "hot", "Thé", "Tea", 2.5, 0.4, MIDDLE, "tea"),
    Article("chocolat", "hot", "Chocolat chaud", "Hot chocolate", 3.0, 0.6, MIDDLE, "chocolate"),
    Article("saucisse", "food", "Galette-saucisse", "Sausage galette", 5.0, 1.9, MIDDLE, "galette"),
    Article("planche", "food", "Planche de fromages", "Cheese board", 12.0, 5.0, MIDDLE, "cheese"),
    Article(
        "crepe", "food", "Crêpe beurre-sucre", "Butter and sugar crêpe", 3.0, 0.6, MIDDLE, "crepe"
    ),
    Article("soupe", "food", "Soupe de poissons", "Fish soup", 6.5, 2.2, MIDDLE, "soup"),
)
FESTIVAL = (
    Article("pinte", "beer", "Pinte du festival", "Festival pint", 6.0, 2.0, FULL, "pint", 1500),
    Article("demi", "beer", "Demi", "Half pint", 3.0, 1.0, FULL, "half", 1500),
    Article("cidre", "beer", "Cidre fermier", "Farm cider", 3.0, 0.9, FULL, "cider", 800),
    Article("eau", "soft", "Eau pétillante", "Sparkling water", 1.5, 0.4, MIDDLE, "water", 600),
    Article("citron", "soft", "Citronnade", "Lemonade", 2.5, 0.6, MIDDLE, "lemonade", 600),
    Article("frites", "food", "Barquette de frites", "Chips", 4.0, 1.1, MIDDLE, "chips"),
    Article("saucisse", "food", "Galette-saucisse", "Sausage galette", 5.0, 1.9, MIDDLE, "galette"),
    Article("crepe", "food", "Crêpe caramel", "Caramel crêpe", 4.0, 0.9, MIDDLE, "crepe"),
    Article(
        "tshirt",
        "shop",
        "T-shirt des Nuits",
        "Festival T-shirt",
        18.0,
        7.0,
        FULL,
        "shirt",
        180,
        True,
    ),
    Article(
        "affiche",
        "shop",
        "Affiche sérigraphiée",
        "Screen-printed poster",
        10.0,
        3.0,
        FULL,
        "poster",
        150,
        True,
    ),
)
COOP = (
    Article("cafe", "hot", "Café du matin", "Morning coffee", 1.5, 0.3, MIDDLE, "coffee"),
    Article("tisane", "hot", "Tisane du jardin", "Garden herbal tea", 2.0, 0.3, MIDDLE, "tea"),
    Article(
        "jus",
        "soft",
        "Jus de pomme du verger",
        "Orchard apple juice",
        2.5,
        0.8,
        MIDDLE,
        "juice",
        200,
    ),
    Article("soupe", "food", "Soupe du midi", "Lunch soup", 5.0, 1.5, MIDDLE, "soup"),
    Article("tarte", "food", "Part de tarte", "Slice of tart", 3.0, 0.9, MIDDLE, "tart"),
    Article(
        "miel",
        "grocery",
        "Miel de blé noir 250 g",
        "Buckwheat honey 250 g",
        7.5,
        4.5,
        REDUCED,
        "honey",
        120,
        True,
    ),
    Article(
        "confiture",
        "grocery",
        "Confiture de mûres",
        "Blackberry jam",
        5.0,
        2.8,
        REDUCED,
        "jar",
        120,
        True,
    ),
    Article(
        "farine",
        "grocery",
        "Farine de sarrasin 1 kg",
        "Buckwheat flour 1 kg",
        4.0,
        2.2,
        REDUCED,
        "flour",
        150,
        True,
    ),
    Article(
        "biere",
        "grocery",
        "Bière bouteille 33 cl",
        "Bottled beer 33 cl",
        3.5,
        1.8,
        FULL,
        "bottle",
        240,
    ),
    Article(
        "poste",
        "workshop",
        "Poste de travail, la journée",
        "Desk for the day",
        12.0,
        0.0,
        FULL,
        "desk",
    ),
    Article(
        "velo",
        "workshop",
        "Établi vélo, l'heure",
        "Bike workbench, one hour",
        4.0,
        0.0,
        FULL,
        "spanner",
    ),
)
RANGES = {"bar": BAR, "festival": FESTIVAL, "coop": COOP}


def build(builder):
    """Make categories, then each place's products in its own company."""
    for sequence, (key, french, english, color, picture) in enumerate(CATEGORIES, 1):
        category = builder.put(
            f"category_{key}",
            "pos.category",
            {
                "name": french,
                "color": color,
                "sequence": sequence,
                "image_512": pictures.as_field(pictures.product(picture)),
            },
        )
        builder.translate(category, name=english)
    count = 0
    for slug, articles in RANGES.items():
        for sequence, article in enumerate(articles, 1):
            _product(builder, slug, article, sequence)
            count += 1
    return f"{count} products"


def categories_of(slug):
    """Return the category keys that a place sells from, in order."""
    used = {article.category for article in RANGES[slug]}
    return [key for key, *_rest in CATEGORIES if key in used]


def _product(builder, slug, article, sequence):
    name = f"product_{slug}_{article.key}"
    if builder.find(name) is not None:
        return
    company = builder.company(slug)
    env = builder.at(slug)
    # Core gives every product the sales tax of every company: here each has one, its own.
    tax = builder.tax(slug, article.tax)
    product = builder.put(
        name,
        "product.product",
        {
            "name": article.french,
            "type": "service" if article.category == "workshop" else "consu",
            "is_storable": bool(article.stock),
            "list_price": article.price,
            "standard_price": article.cost,
            "taxes_id": [(6, 0, tax.ids)],
            "company_id": company.id,
            "available_in_pos": True,
            "pos_categ_ids": [(6, 0, builder.find(f"category_{article.category}").ids)],
            "sequence": sequence,
            "image_1920": pictures.as_field(pictures.product(article.picture)),
        },
        company=company,
    )
    builder.translate(product, name=article.english)
    if article.stock:
        warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": article.stock,
            }
        ).action_apply_inventory()
