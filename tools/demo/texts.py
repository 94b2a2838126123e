"""What the pages say."""

from html import escape

from . import products
from .markup import (
    button,
    coming,
    elsewhere,
    heading,
    link,
    phone,
    picture,
    place_card,
    section,
    table,
)
from .territory import PLACES, TOWN, ZIP

HERO = {
    "bar": (
        ("Café-bar sur le quai", "Café-bar on the quay"),
        ("On s'amarre, on boit un coup, on reste.", "Tie up, have a drink, stay a while."),
        (
            "Bière d'ici, cidre, galettes-saucisses et de la musique dès que le vent tourne. "
            "Ouvert du mardi au dimanche, face "
            "aux bateaux de Port-Lannec.",
            "Local beer, cider, sausage galettes, and music as soon as the wind turns. Open "
            "Tuesday to Sunday, facing the boats "
            "of Port-Lannec.",
        ),
        ("Voir ce qui se passe", "See what's on"),
    ),
    "festival": (
        ("Trois nuits au pied du phare", "Three nights by the lighthouse"),
        ("Les Nuits du Goéland", "Nights of the Gull"),
        (
            "Deux scènes dans la Grande Prée, neuf concerts, deux cents bénévoles et aucun "
            "gobelet jetable. L'association "
            "prépare la prochaine édition toute l'année.",
            "Two stages in the Grande Prée, nine concerts, two hundred volunteers and not one "
            "throw-away cup. The association "
            "works on the next edition all year.",
        ),
        ("Voir le programme", "See the programme"),
    ),
    "coop": (
        ("Coopérative et tiers-lieu", "Co-operative and third place"),
        ("Ce qui relie les lieux de Port-Lannec.", "What ties the places of Port-Lannec together."),
        (
            "« Kevrenn », c'est le lien. La coopérative tient l'épicerie, l'atelier et les "
            "bureaux partagés, et elle émet "
            "l'euro fédéré : une carte, acceptée chez tous ses membres.",
            "“Kevrenn” means the bond. The co-operative runs the grocery, the workshop and the "
            "shared desks, and issues the "
            "federated euro: one card, taken by all its members.",
        ),
        ("Voir l'agenda", "See what's on"),
    ),
}
ALT = {
    "bar": (
        "La façade du café, ses lampes allumées, et deux voiliers à quai",
        "The café front with its lamps lit, and two boats at the quay",
    ),
    "festival": (
        "La scène du festival devant le phare, la nuit",
        "The festival stage before the lighthouse, at night",
    ),
    "coop": (
        "L'ancienne poste et sa cour, un vélo, deux sociétaires",
        "The old post office and its yard, a bicycle, two members",
    ),
}
CARD_ALT = ("Une carte posée devant un lecteur", "A card held to a reader")
HOW = ("La carte, comment ça marche ?", "How does the card work?")
WHERE = {
    "bar": (
        "À deux minutes du parking du port. L'arrêt « Caseyeurs » est devant la porte. Entrée "
        "de plain-pied.",
        "Two minutes from the harbour car park. The bus stop “Caseyeurs” is at the door. "
        "Step-free entrance.",
    ),
    "festival": (
        "Navettes gratuites depuis la gare de Port-Lannec, parc à vélos surveillé, camping à "
        "300 m.",
        "Free shuttles from Port-Lannec station, guarded bicycle park, campsite 300 m away.",
    ),
    "coop": (
        "Dans l'ancienne poste, entre la mairie et le lavoir. Ascenseur, boucle magnétique à "
        "l'accueil.",
        "In the old post office, between the town hall and the wash-house. Lift, hearing loop "
        "at the desk.",
    ),
}


def home(builder, place, sources):
    """Return the writer of a place's home page."""

    def body(w):
        kicker, title, lead, agenda_button = HERO[place.slug]
        front = sources["front_" + place.slug]
        hero = (
            '<section class="tbd-hero"><div class="tbd-hero-grid"><div class="tbd-hero-text">'
            f'<p class="tbd-kicker">{w(*kicker)}</p><h1>{w(*title)}</h1><p '
            f'class="tbd-lead">{w(*lead)}</p>'
            f'<div class="tbd-buttons">{button("/event", w(*agenda_button))}'
            f"{button('#carte', w(*HOW), quiet=True)}"
            "</div></div>"
            f"{picture(front, w.either(*ALT[place.slug]), 'tbd-hero-picture', lazy=False)}"
            "</div></section>"
        )
        agenda = section(
            "agenda",
            coming(w)
            + f'<p style="margin: 28px 0 0">{link("/event", w("Tout l’agenda", "All events"))}</p>',
            kicker=w("Bientôt", "Coming up"),
            title=w("Prochains rendez-vous", "Next dates"),
        )
        return (
            '<t t-name="website.homepage"><t t-call="website.layout"><t t-set="pageName" '
            "t-value=\"'homepage'\"/>"
            f'<div id="wrap"><div '
            f'class="tbd">{_demo_line(w)}{hero}{agenda}{SPECIAL[place.slug](w)}'
            f"{_card(w, sources)}"
            f"{_where(w, place)}{_others(w, place, sources)}</div>"
            '<div class="oe_structure" id="oe_structure_home_end"/></div></t></t>'
        )

    return body


def _demo_line(w):
    return (
        '<div class="tbd-demo"><div class="tbd-wrap"><p>'
        + w(
            "Territoire de démonstration : lieux et gens sont inventés.",
            "Demo territory: places and people are made up.",
        )
        + f" {link('/demo', w('Essayer en une minute', 'Try it in one minute'))}</p></div></div>"
    )


def _card(w, sources):
    steps = (
        (
            ("Prenez une carte", "Take a card"),
            (
                "Au comptoir, sans nom et sans papier. Elle est à vous.",
                "At the counter, no name, no form. It is yours.",
            ),
        ),
        (
            ("Rechargez-la", "Top it up"),
            (
                "En espèces ou par carte bancaire, du montant que vous voulez. Sans frais.",
                "In cash or by bank card, any amount you like. No fee.",
            ),
        ),
        (
            ("Posez-la, c'est payé", "Tap, and it is paid"),
            (
                "Au bar, au festival, à l'épicerie : la même carte. Le solde s'affiche à "
                "chaque fois.",
                "At the bar, the festival, the grocery: the same card. You see the balance "
                "every time.",
            ),
        ),
        (
            ("Ce qui reste vous revient", "What is left is yours"),
            (
                "Les euros fédérés se remboursent quand vous voulez, sans retenue.",
                "Federated euros are refunded whenever you ask, in full.",
            ),
        ),
    )
    listed = "".join(f"<li><strong>{w(*title)}</strong>{w(*text)}</li>" for title, text in steps)
    return section(
        "carte",
        '<div class="tbd-two"><div>'
        + heading(w("La carte", "The card"), w("Une carte, trois lieux", "One card, three places"))
        + f'<ol class="tbd-steps">{listed}</ol></div>'
        f"{picture(sources['card'], w.either(*CARD_ALT))}</div>",
        "tbd-deep",
    )


def _where(w, place):
    return section(
        "venir",
        '<div class="tbd-two tbd-top"><div>'
        + heading(w("Horaires", "Opening hours"), w("Quand venir", "When to come"))
        + table(w.either(place.hours_fr, place.hours_en))
        + "</div><div>"
        + heading(w("Adresse", "Address"), w("Où nous trouver", "Where to find us"))
        + f"<p><strong>{escape(place.name)}</strong><br/>{escape(place.street)}<br/>{ZIP} {TOWN}"
        f"</p><p>{w(*WHERE[place.slug])}</p>"
        f"<p>{phone(place)}<br/>{link('mailto:' + place.email, place.email)}</p>"
        "</div></div>",
    )


def _others(w, place, sources):
    cards = "".join(place_card(w, other, sources) for other in PLACES if other is not place)
    return section(
        "voisins",
        f'<div class="tbd-places">{cards}</div>',
        "tbd-tint",
        w("La même carte chez nos voisins", "The same card next door"),
        w("À côté d'ici", "Close by"),
    )


def _bar_special(w):
    groups = ""
    for key, french, english, _color, _picture in products.CATEGORIES:
        rows = [
            (w.either(article.french, article.english), _price(w, article.price))
            for article in products.BAR
            if article.category == key
        ]
        if rows:
            groups += f"<div><h3>{w(french, english)}</h3>{table(rows)}</div>"
    return section(
        "comptoir",
        f'<div class="tbd-prices">{groups}</div>',
        "tbd-tint",
        w("Au comptoir", "At the bar"),
        w("Ce qu'on sert, service et taxes compris", "What we serve, tax and service included"),
    )


def _festival_special(w):
    from .events import LINE_UP, STAGES

    stages = {key: w.either(french, english) for key, french, english in STAGES}
    nights = (("Vendredi", "Friday"), ("Samedi", "Saturday"), ("Dimanche", "Sunday"))
    columns = ""
    for number, day in enumerate(nights):
        rows = [
            (who, f"{int(hour)} h {int(hour % 1 * 60):02} · {stages[stage]}")
            for night, hour, _minutes, stage, who, _french, _english in LINE_UP
            if night == number
        ]
        columns += f"<div><h3>{w(*day)}</h3>{table(rows)}</div>"
    return section(
        "scenes",
        f'<div class="tbd-places">{columns}</div>',
        "tbd-tint",
        w("Deux scènes, neuf concerts", "Two stages, nine concerts"),
        w("Qui joue quand", "Who plays when"),
    )


def _coop_special(w):
    what = (
        (
            ("L'euro fédéré", "The federated euro"),
            (
                "Un euro sur la carte vaut un euro à la banque de la coopérative. Les comptes "
                "sont publics.",
                "One euro on the card is one euro in the co-operative's bank. The accounts are "
                "public.",
            ),
        ),
        (
            ("L'échange de temps", "Time exchange"),
            (
                "Une heure donnée, une heure reçue : jardin, vélo, devoirs, langues.",
                "One hour given, one hour received: garden, bicycle, homework, languages.",
            ),
        ),
        (
            ("L'épicerie et l'atelier", "Grocery and workshop"),
            (
                "Miel, farine et confitures d'à côté ; établis, vélo et sérigraphie à l'heure.",
                "Honey, flour and jam from nearby; benches, bicycle and screen printing by the "
                "hour.",
            ),
        ),
    )
    columns = "".join(f"<div><h3>{w(*title)}</h3><p>{w(*text)}</p></div>" for title, text in what)
    return section(
        "maison",
        f'<div class="tbd-places">{columns}</div>',
        "tbd-tint",
        w("Une maison, trois usages", "One house, three uses"),
        w("Ce qu'on fait ensemble", "What we do together"),
    )


SPECIAL = {"bar": _bar_special, "festival": _festival_special, "coop": _coop_special}


def _price(w, amount):
    text = f"{amount:.2f}"
    return f"{text.replace('.', ',')} €" if w.language == "fr" else f"€{text}"


def footer(place):
    """Return the writer of a place's footer."""

    def body(w):
        others = "".join(
            f"<li><a {elsewhere(other.slug)}>{escape(other.name)}</a></li>"
            for other in PLACES
            if other is not place
        )
        hours = "".join(
            f"<li>{escape(day)} : {escape(hour)}</li>"
            for day, hour in w.either(place.hours_fr, place.hours_en)
        )
        return (
            '<data inherit_id="website.layout" name="Default" active="True">'
            '<xpath expr="//div[@id=\'footer\']" position="replace">'
            '<div id="footer" class="oe_structure oe_structure_solo" t-ignore="true" t-if="not '
            'no_footer">'
            '<section class="tbd tbd-foot"><div class="tbd-wrap tbd-foot-grid">'
            f"<div><h2>{escape(place.name)}</h2><p>{escape(place.street)}<br/>{ZIP} {TOWN}<br/>"
            f"{phone(place)}</p></div>"
            f"<div><h2>{w('Ouvert', 'Open')}</h2><ul>{hours}</ul></div>"
            f"<div><h2>{w('La même carte', 'The same card')}</h2><ul>{others}</ul></div>"
            f"<div><h2>{w('Essayer', 'Try it')}</h2><ul>"
            f"<li>{link('/demo', w('Commencer ici', 'Start here'))}</li>"
            f"<li>{link('/event', w('Agenda', 'What’s on'))}</li>"
            f"<li>{link('/web/login', w('Espace de l’équipe', 'Staff sign-in'))}</li></ul></div>"
            "</div></section></div></xpath></data>"
        )

    return body


def copyright_line(place):
    """Return the writer of the line under the footer."""

    def body(w):
        said = w(
            f"{place.name}, lieu de démonstration. Images libres (CC0).",
            f"{place.name}, a demo place. Free pictures (CC0).",
        )
        return (
            '<data inherit_id="website.layout">'
            "<xpath expr=\"//footer//span[hasclass('o_footer_copyright_name')]\" "
            'position="replace">'
            f'<span class="o_footer_copyright_name me-2 small">{said}</span></xpath>'
            "<xpath expr=\"//div[hasclass('o_footer_copyright')]//div[hasclass('col-sm')]\" "
            'position="attributes">'
            '<attribute name="class" remove="col-sm text-sm-start" add="col-md d-flex '
            'flex-column-reverse gap-2 text-md-start"'
            ' separator=" "/></xpath></data>'
        )

    return body
