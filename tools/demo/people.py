"""Staff of every role, with French names, and the visitors they serve."""

from .territory import MAIL_HOST, PASSWORD, TOWN, ZIP

VERSION = 1

TILL = (
    "base.group_user",
    "point_of_sale.group_pos_user",
    "tibillet_wallet.tibillet_wallet_group_user",
    "tibillet_pos_nfc.tibillet_pos_nfc_group_user",
)
TILL_MANAGER = (
    "base.group_user",
    "point_of_sale.group_pos_manager",
    "stock.group_stock_manager",
    "event.group_event_manager",
    "sales_team.group_sale_manager",
    "website.group_website_designer",
    "hr.group_hr_user",
    "account.group_account_invoice",
    "tibillet_wallet.tibillet_wallet_group_manager",
    "tibillet_pos_nfc.tibillet_pos_nfc_group_manager",
)
ACCOUNTANT = (
    "base.group_user",
    "account.group_account_manager",
    "account.group_account_user",
    "tibillet_wallet.tibillet_wallet_group_accountant",
)
PROGRAMMER = (
    "base.group_user",
    "event.group_event_manager",
    "website.group_website_restricted_editor",
)
GATE = ("base.group_user", "event.group_event_registration_desk")
STOCK = ("base.group_user", "stock.group_stock_user")

# place, role in the login, name, post in French, groups
STAFF = (
    ("bar", "caisse", "Nolwenn Le Goff", "Serveuse", TILL),
    ("bar", "caisse2", "Malo Kerbrat", "Serveur", TILL),
    ("bar", "gerance", "Yann Le Bihan", "Gérant", TILL_MANAGER),
    ("bar", "compta", "Annaïg Riou", "Comptable", ACCOUNTANT),
    ("bar", "reserve", "Titouan Prigent", "Cave et réserve", STOCK),
    ("festival", "caisse", "Enora Guillou", "Bénévole buvette", TILL),
    ("festival", "entree", "Ewen Le Roux", "Bénévole à l'entrée", GATE),
    ("festival", "programmation", "Soizic Cadiou", "Programmatrice", PROGRAMMER),
    ("festival", "gerance", "Gaëlle Morvan", "Coordinatrice", TILL_MANAGER),
    ("festival", "compta", "Annick Tanguy", "Trésorière", ACCOUNTANT),
    ("coop", "caisse", "Maëlys Quéré", "Accueil", TILL),
    ("coop", "gerance", "Ronan Abgrall", "Animateur du tiers-lieu", TILL_MANAGER),
    ("coop", "compta", "Hervé Kerdoncuff", "Comptable", ACCOUNTANT),
    ("coop", "federation", "Rozenn Le Meur", "Référente de la fédération", TILL_MANAGER),
)

VISITORS = (
    "Anne-Lise Corre",
    "Bastien Hamon",
    "Camille Jézéquel",
    "Denis Floch",
    "Élouan Masson",
    "Fanny Le Dantec",
    "Gwendal Pichon",
    "Héloïse Barré",
    "Ismaël Benali",
    "Jeanne Salaün",
    "Katell Bothorel",
    "Loïc Guéguen",
    "Mona Rivoal",
    "Nadia Chérif",
    "Ondine Le Gall",
    "Pierrick Conan",
    "Quentin Daniel",
    "Rosa Teixeira",
    "Servane Hélias",
    "Théo Lagadec",
    "Ursule Bodin",
    "Violette Nédélec",
    "Wassim Haddad",
    "Yuna Cosquer",
)


def build(builder):
    """Make users, their employee records and the visitors."""
    for slug, role, name, post, groups in STAFF:
        _colleague(builder, slug, role, name, post, groups)
    for number, name in enumerate(VISITORS, 1):
        builder.put(
            f"visitor_{number:02}",
            "res.partner",
            {
                "name": name,
                "email": f"visiteur-{number:02}@{MAIL_HOST}",
                "phone": f"06 39 98 10 {number:02}",
                "city": TOWN,
                "zip": ZIP,
                "country_id": builder.env.ref("base.fr").id,
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "company_id": False,
            },
        )
    _portal(builder)
    # The administrator may look at everything the three places do.
    builder.env.ref("base.user_admin").group_ids = builder.groups(*TILL_MANAGER, *ACCOUNTANT)
    return f"{len(STAFF)} colleagues, {len(VISITORS)} visitors"


def login(slug, role):
    """Return the login of a colleague: ``bar-caisse@…``."""
    return f"{slug}-{role}@{MAIL_HOST}"


def _colleague(builder, slug, role, name, post, groups):
    company = builder.company(slug)
    user = builder.put(
        f"user_{slug}_{role}",
        "res.users",
        {
            "name": name,
            "login": login(slug, role),
            "email": login(slug, role),
            "password": PASSWORD,
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": builder.groups(*groups),
            "notification_type": "inbox",
        },
    )
    if builder.has("hr.employee"):
        builder.put(
            f"employee_{slug}_{role}",
            "hr.employee",
            {
                "name": name,
                "user_id": user.id,
                "company_id": company.id,
                "job_title": post,
                "work_email": user.email,
            },
            company=company,
        )


def _portal(builder):
    """One visitor has an account, to see the public side signed in."""
    partner = builder.find("visitor_01")
    builder.put(
        "user_visitor",
        "res.users",
        {
            "login": f"visiteur@{MAIL_HOST}",
            "password": PASSWORD,
            "partner_id": partner.id,
            "company_id": builder.company("coop").id,
            "company_ids": [(6, 0, builder.company("coop").ids)],
            "group_ids": [(6, 0, builder.env.ref("base.group_portal").ids)],
        },
    )
