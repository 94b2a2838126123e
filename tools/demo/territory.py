"""The facts of the territory: who is who, where, and in which colour. All of it is fiction."""

from dataclasses import dataclass

TOWN = "Port-Lannec"
ZIP = "22999"
PASSWORD = "demo"
MAIL_HOST = "demo.example"


@dataclass(frozen=True)
class Place:
    """One place: a company, a website and a till."""

    slug: str
    name: str
    kind_fr: str
    kind_en: str
    street: str
    phone: str
    accent: str
    accent_dark: str
    till: str
    hours_fr: tuple
    hours_en: tuple

    @property
    def email(self):
        """Address of the place; the host cannot exist."""
        return f"{self.slug}@{MAIL_HOST}"


BAR = Place(
    slug="bar",
    name="L'Amarre",
    kind_fr="café-bar",
    kind_en="café-bar",
    street="3 quai des Caseyeurs",
    phone="02 61 91 00 11",
    accent="#B4412B",
    accent_dark="#7E2C1D",
    till="Comptoir",
    hours_fr=(
        ("Mardi au jeudi", "17 h – minuit"),
        ("Vendredi et samedi", "17 h – 1 h"),
        ("Dimanche", "11 h – 20 h"),
        ("Lundi", "on dort"),
    ),
    hours_en=(
        ("Tuesday to Thursday", "5 pm – midnight"),
        ("Friday and Saturday", "5 pm – 1 am"),
        ("Sunday", "11 am – 8 pm"),
        ("Monday", "we sleep"),
    ),
)
FESTIVAL = Place(
    slug="festival",
    name="Les Nuits du Goéland",
    kind_fr="association de festival",
    kind_en="festival association",
    street="La Grande Prée, route du Phare",
    phone="02 61 91 00 22",
    accent="#5B2A86",
    accent_dark="#3C1A5C",
    till="Buvette",
    hours_fr=(
        ("Pendant le festival", "16 h – 2 h"),
        ("Bureau, mardi et jeudi", "14 h – 18 h"),
        ("Réunion des bénévoles", "1er lundi du mois, 19 h"),
    ),
    hours_en=(
        ("During the festival", "4 pm – 2 am"),
        ("Office, Tuesday and Thursday", "2 pm – 6 pm"),
        ("Volunteers' meeting", "first Monday of the month, 7 pm"),
    ),
)
COOP = Place(
    slug="coop",
    name="La Kevrenn",
    kind_fr="coopérative et tiers-lieu",
    kind_en="co-operative and third place",
    street="12 rue de l'Ancienne-Poste",
    phone="02 61 91 00 33",
    accent="#1F5F5B",
    accent_dark="#123C39",
    till="Accueil",
    hours_fr=(
        ("Lundi au vendredi", "9 h – 19 h"),
        ("Samedi", "10 h – 18 h"),
        ("Atelier partagé", "mercredi, 14 h – 21 h"),
    ),
    hours_en=(
        ("Monday to Friday", "9 am – 7 pm"),
        ("Saturday", "10 am – 6 pm"),
        ("Shared workshop", "Wednesday, 2 pm – 9 pm"),
    ),
)
PLACES = (BAR, FESTIVAL, COOP)
