"""The page that a newcomer is sent to: what this is, the till, the places, who signs in how."""

from html import escape

from . import people
from .markup import button, heading, place_card, row, section
from .territory import BAR, PASSWORD, PLACES

WHAT = (
    "Un café-bar, un festival et une coopérative de Bretagne, tous inventés, sur un même Odoo. "
    "Une carte sans contact les relie.",
    "A café-bar, a festival and a co-operative in Brittany, all made up, on one Odoo. "
    "One contactless card ties them together.",
)
STEPS = (
    (
        ("Ouvrez la caisse du bar", "Open the till of the bar"),
        (
            "Le bouton remplit l'identifiant du gérant ; le mot de passe est « demo ». "
            "Laissez le fond de caisse proposé.",
            "The button fills in the manager's login; the password is “demo”. "
            "Leave the opening cash as it is.",
        ),
    ),
    (
        ("Touchez « Pinte de blonde »", "Touch “Pinte de blonde”"),
        (
            "6,00 €, taxes comprises : c'est ce que le client paie.",
            "€6.00, tax included: what the customer pays.",
        ),
    ),
    (
        ("Posez une carte virtuelle", "Tap a virtual card"),
        (
            "Le lecteur simulé, sur l'écran de caisse, propose les premières cartes du tirage.",
            "The simulated reader, on the till's screen, offers the first cards of the batch.",
        ),
    ),
    (
        ("La caisse est libre", "The till is free"),
        (
            "Le solde restant s'affiche, la bière sort du stock, les comptes suivent à la clôture.",
            "The balance left is shown, the beer leaves the stock, the books follow at closing.",
        ),
    ),
)


def page(builder, sources):
    """Return the writer of the page."""
    tills = {place.slug: builder.find(f"till_{place.slug}").id for place in PLACES}

    def body(w):
        return (
            '<t t-name="tibillet_demo.start"><t t-call="website.layout">'
            '<t t-set="pageName" t-value="\'demo\'"/>'
            f'<div id="wrap"><div class="tbd">{_hero(w, tills)}{_places(w, sources)}{_teams(w)}'
            "</div></div></t></t>"
        )

    return body


def _hero(w, tills):
    listed = "".join(f"<li><strong>{w(*title)}</strong>{w(*text)}</li>" for title, text in STEPS)
    buttons = "".join(
        button(
            # A manager: a browser is paired with its till by one, on the spot.
            f"/web/login?login={people.login(place.slug, 'gerance')}"
            f"&redirect=/pos/ui/{tills[place.slug]}",
            f"{w('Caisse :', 'Till:')} {escape(place.name)}",
            quiet=place is not BAR,
        )
        for place in PLACES
    )
    return section(
        "commencer",
        '<div class="tbd-two tbd-top"><div>'
        f'<p class="tbd-kicker">{w("Territoire de démonstration", "Demo territory")}</p>'
        f"<h1>{w('Payez une bière en une minute', 'Pay a beer within a minute')}</h1>"
        f'<p>{w(*WHAT)}</p><div class="tbd-buttons">{buttons}</div></div>'
        f'<div><ol class="tbd-steps">{listed}</ol></div></div>',
    )


def _places(w, sources):
    cards = "".join(
        place_card(w, place, sources, f"<p><strong>{place.slug}.localhost</strong></p>")
        for place in PLACES
    )
    return section(
        "lieux",
        heading(w("Trois lieux", "Three places"), w("Ce que voit le public", "What people see"))
        + f'<div class="tbd-places">{cards}</div>',
        "tbd-tint",
    )


def _teams(w):
    names = {place.slug: escape(place.name) for place in PLACES}
    rows = "".join(
        row(names[slug], escape(post), escape(name), f"<code>{people.login(slug, role)}</code>")
        for slug, role, name, post, _groups in people.STAFF
    )
    rows += row(
        w("Les trois lieux", "All three places"),
        w("Administration", "Administrator"),
        "Admin",
        "<code>admin</code> / <code>admin</code>",
    )
    head = row(
        w("Lieu", "Place"), w("Rôle", "Role"), w("Nom", "Name"), w("Identifiant", "Login"), tag="th"
    )
    return section(
        "equipe",
        heading(w("Les équipes", "The teams"), w("Qui se connecte comment", "Who signs in how"))
        + f"<p>{w('Mot de passe de chacun :', 'Everybody’s password:')} "
        f"<code>{PASSWORD}</code></p>"
        '<div class="tbd-scroll" tabindex="0"><table class="tbd-logins">'
        f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
        f'<div class="tbd-buttons">{button("/web/login", w("Se connecter", "Sign in"))}</div>',
    )
