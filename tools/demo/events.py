"""Past and coming events with their posters, and a festival with stages."""

import datetime
import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .posters import poster

VERSION = 1

PARIS = ZoneInfo("Europe/Paris")
SHOW_TAX, FULL_TAX = "tva_reduite", "tva_normale"


@dataclass(frozen=True)
class Night:
    """One event: ``day`` is counted from today, ``rates`` are (French, English, price, seats)."""

    key: str
    place: str
    picture: str
    french: str
    english: str
    about_fr: str
    about_en: str
    day: int
    hour: int
    hours: float
    rates: tuple
    guests: int = 0


# Events whose name says the day, or that fill a weekend: 4 is Friday, 6 Sunday.
WEEKDAYS = {"nights": 4, "market": 6}
FREE = (("Entrée libre", "Free entry", 0.0, 60),)
NIGHTS = (
    Night(
        "jazz",
        "bar",
        "jazz",
        "Jazz au comptoir",
        "Jazz at the bar",
        "Trois guitares, un contrebassiste et la porte ouverte sur le quai.",
        "Three guitars, a double bass and the door open on the quay.",
        -24,
        20,
        3,
        (("Prix libre, conseillé 6 €", "Pay what you can, 6 € advised", 6.0, 60),),
        31,
    ),
    Night(
        "quiz",
        "bar",
        "quiz",
        "Le quiz de la marée",
        "The tide quiz",
        "Par équipes de quatre. Le dernier rince les verres.",
        "Teams of four. Last one rinses the glasses.",
        -10,
        19,
        3,
        FREE,
        24,
    ),
    Night(
        "fest_noz",
        "bar",
        "fest_noz",
        "Fest-noz de la cale",
        "Fest-noz on the slipway",
        "On danse dehors tant que la mer le permet, dedans ensuite.",
        "We dance outside while the sea allows, inside after that.",
        8,
        21,
        4,
        (("Plein tarif", "Full price", 8.0, 120), ("Moins de 26 ans", "Under 26", 5.0, 60)),
        42,
    ),
    Night(
        "singers",
        "bar",
        "singers",
        "Scène ouverte",
        "Open stage",
        "Une chanson chacun, deux si la salle insiste.",
        "One song each, two if the room insists.",
        16,
        20,
        3,
        FREE,
        9,
    ),
    Night(
        "market",
        "bar",
        "market",
        "Marché du dimanche",
        "Sunday market",
        "Huîtres, légumes et pain, au pied des bateaux.",
        "Oysters, vegetables and bread, beside the boats.",
        22,
        10,
        4,
        FREE,
        0,
    ),
    Night(
        "last_summer",
        "festival",
        "launch",
        "Les Nuits d'automne",
        "Autumn Nights",
        "Deux soirs au phare, pour fêter la fin du démontage.",
        "Two evenings at the lighthouse, now that everything is packed away.",
        -28,
        19,
        28,
        (("Une soirée", "One evening", 12.0, 300),),
        58,
    ),
    Night(
        "launch",
        "festival",
        "launch",
        "Soirée de lancement",
        "Launch party",
        "On dévoile l'affiche et les dix premiers noms.",
        "The poster and the first ten names.",
        12,
        19,
        4,
        (("Adhérent", "Member", 0.0, 100), ("Plein tarif", "Full price", 7.0, 200)),
        37,
    ),
    Night(
        "nights",
        "festival",
        "festival",
        "Les Nuits du Goéland",
        "Nights of the Gull",
        "Trois nuits de musique au pied du phare, deux scènes, zéro gobelet jetable.",
        "Three nights of music by the lighthouse, two stages, no throw-away cup.",
        230,
        17,
        57,
        (
            ("Pass trois nuits", "Three-night pass", 48.0, 1500),
            ("Une nuit", "One night", 22.0, 1200),
            ("Moins de 16 ans", "Under 16", 8.0, 400),
        ),
        66,
    ),
    Night(
        "build",
        "festival",
        "repair",
        "Chantier des bénévoles",
        "Volunteers' build",
        "On retape les bars en bois. Outils et soupe fournis.",
        "We mend the wooden bars. Tools and soup provided.",
        26,
        9,
        8,
        (("Je viens aider", "I come to help", 0.0, 40),),
        14,
    ),
    Night(
        "bike_past",
        "coop",
        "bike",
        "Atelier vélo",
        "Bike workshop",
        "Freins, chaînes et roues voilées.",
        "Brakes, chains and buckled wheels.",
        -17,
        14,
        4,
        FREE,
        12,
    ),
    Night(
        "assembly",
        "coop",
        "assembly",
        "Assemblée des sociétaires",
        "Members' assembly",
        "Les comptes, l'élection et le repas.",
        "Accounts, election and a meal.",
        -6,
        18,
        3,
        FREE,
        39,
    ),
    Night(
        "print",
        "coop",
        "print",
        "Sérigraphie pour débuter",
        "First steps in screen printing",
        "Deux couleurs, une affiche à emporter.",
        "Two colours, one poster to take home.",
        5,
        14,
        3,
        (("Place et matériel", "Seat and materials", 15.0, 12),),
        8,
    ),
    Night(
        "supper",
        "coop",
        "supper",
        "Le repas partagé",
        "The shared supper",
        "Chacun apporte un plat, la coopérative fait la soupe.",
        "Everyone brings a dish, the co-op makes the soup.",
        11,
        19,
        3,
        FREE,
        21,
    ),
    Night(
        "repair",
        "coop",
        "repair",
        "Café réparation",
        "Repair café",
        "Grille-pain, lampes et radios : on ouvre, on comprend, on répare.",
        "Toasters, lamps and radios: open, understand, repair.",
        19,
        14,
        4,
        FREE,
        6,
    ),
)
STAGES = (
    ("phare", "Scène du Phare", "Lighthouse stage"),
    ("dune", "Scène de la Dune", "Dune stage"),
)
# night of the festival, hour, minutes, stage, who, what in French, in English
LINE_UP = (
    (0, 19, 60, "dune", "Les Filles du Raz", "Chants à répondre", "Call-and-response songs"),
    (0, 20.5, 75, "phare", "Kreiz Kafé", "Cuivres et bombardes", "Brass and bombards"),
    (0, 22.5, 90, "phare", "Moteur Marin", "Rock de ponton", "Pontoon rock"),
    (1, 18, 60, "dune", "Trio Sans Escale", "Jazz à cordes", "String jazz"),
    (1, 20, 75, "phare", "Aven Sisters", "Soul bretonne", "Breton soul"),
    (1, 22, 120, "phare", "Bal de minuit", "Fest-noz électrique", "Electric fest-noz"),
    (2, 17, 45, "dune", "Le Petit Cirque d'Iroise", "Jeune public", "For children"),
    (2, 19, 75, "phare", "Goémon Noir", "Post-rock", "Post-rock"),
    (2, 21.5, 90, "phare", "La Fanfare du Large", "Tout le monde danse", "Everybody dances"),
)


def build(builder):
    """Make the events, their rates, a few guests, and the festival's stages."""
    for night in NIGHTS:
        _event(builder, night)
    _line_up(builder)
    return f"{len(NIGHTS)} events, {len(LINE_UP)} concerts on {len(STAGES)} stages"


def _moment(day, hour):
    """Return the UTC moment, without zone, of a local hour a number of days away."""
    local = datetime.datetime.now(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    local = (local + datetime.timedelta(days=day)).replace(
        hour=int(hour), minute=int(hour % 1 * 60)
    )
    return local.astimezone(datetime.UTC).replace(tzinfo=None)


def _next(weekday, day):
    """Return the first day of that weekday, Monday being 0, from a day on."""
    there = (datetime.datetime.now(PARIS) + datetime.timedelta(days=day)).weekday()
    return day + (weekday - there) % 7


def image(builder, name, picture, *, file_name):
    """Store a picture that everyone may see, and return its attachment."""
    return builder.put(
        f"image_{name}",
        "ir.attachment",
        {
            "name": file_name,
            "raw": picture.encode(),
            "mimetype": "image/svg+xml",
            "public": True,
            "res_model": "ir.ui.view",
            "website_id": False,
        },
    )


def address(attachment):
    """Return where a picture answers, with a mark that changes when it does."""
    return f"/web/image/{attachment.id}-{attachment.checksum[:8]}/{attachment.name}"


def _event(builder, night):
    name = f"event_{night.key}"
    if builder.find(name) is not None:
        return
    company = builder.company(night.place)
    env = builder.at(night.place)
    day = night.day
    if night.key in WEEKDAYS:
        day = _next(WEEKDAYS[night.key], day)
    begin = _moment(day, night.hour)
    end = begin + datetime.timedelta(hours=night.hours)
    cover = image(
        builder, f"poster_{night.picture}", poster(night.picture), file_name=f"{night.picture}.svg"
    )
    past = night.day < 0
    event = builder.put(
        name,
        "event.event",
        {
            "name": night.french,
            "subtitle": night.about_fr,
            "description": f"<p class='lead'>{night.about_fr}</p>",
            "company_id": company.id,
            "organizer_id": company.partner_id.id,
            "address_id": company.partner_id.id,
            "website_id": builder.website(night.place).id,
            "user_id": builder.find(f"user_{night.place}_gerance").id,
            "date_tz": "Europe/Paris",
            "date_begin": begin,
            "date_end": end,
            "is_published": True,
            "website_menu": night.key == "nights",
            "website_track": night.key == "nights",
            "event_mail_ids": [(5,)],
            "stage_id": env.ref(
                "event.event_stage_done" if past else "event.event_stage_announced"
            ).id,
            "cover_properties": json.dumps(
                {
                    "background-image": f"url({address(cover)})",
                    "background_color_class": "o_cc3",
                    "opacity": "0.35",
                    "resize_class": "o_half_screen_height o_record_has_cover",
                }
            ),
        },
        company=company,
    )
    builder.translate(
        event,
        name=night.english,
        subtitle=night.about_en,
        description=f"<p class='lead'>{night.about_en}</p>",
    )
    # A description is translated sentence by sentence: its French is given back by name.
    event.update_field_translations("description", {"fr_FR": {night.about_en: night.about_fr}})
    _rates(builder, env, night, event)
    _guests(env, builder, night, event, past)


def _rates(builder, env, night, event):
    product = _ticket_product(builder, night.place)
    for sequence, (french, english, price, seats) in enumerate(night.rates, 1):
        ticket = env["event.event.ticket"].create(
            {
                "name": french,
                "event_id": event.id,
                "price": price,
                "seats_max": seats,
                "product_id": product.id,
                "sequence": sequence,
            }
        )
        builder.translate(ticket, name=english)


def _ticket_product(builder, slug):
    found = builder.find(f"product_ticket_{slug}")
    if found is not None:
        return found
    company = builder.company(slug)
    tax = builder.tax(slug, SHOW_TAX)
    product = builder.put(
        f"product_ticket_{slug}",
        "product.product",
        {
            "name": "Billet",
            "type": "service",
            "service_tracking": "event",
            "list_price": 0.0,
            "company_id": company.id,
            "taxes_id": [(6, 0, tax.ids)],
            "available_in_pos": False,
            "invoice_policy": "order",
        },
        company=company,
    )
    builder.translate(product, name="Ticket")
    return product


def _guests(env, builder, night, event, past):
    tickets = event.event_ticket_ids
    values = []
    for number in range(night.guests):
        visitor = builder.find(f"visitor_{number % 24 + 1:02}")
        values.append(
            {
                "event_id": event.id,
                "event_ticket_id": tickets[number % len(tickets)].id,
                "partner_id": visitor.id,
                "name": visitor.name,
                "email": visitor.email,
                "state": "done" if past and number % 9 else "open",
            }
        )
    env["event.registration"].with_context(mail_notrack=True, tracking_disable=True).create(values)


def _line_up(builder):
    event = builder.find("event_nights")
    env = builder.at("festival")
    stages = {}
    for key, french, english in STAGES:
        stages[key] = builder.put(f"stage_{key}", "event.track.location", {"name": french})
        builder.translate(stages[key], name=english) if stages[key]._fields[
            "name"
        ].translate else None
    published = env["event.track.stage"].search([("is_visible_in_agenda", "=", True)], limit=1)
    first = (
        event.date_begin.replace(tzinfo=datetime.UTC).astimezone(PARIS).replace(hour=0, minute=0)
    )
    for number, (night, hour, minutes, stage, who, french, english) in enumerate(LINE_UP, 1):
        local = (first + datetime.timedelta(days=night)).replace(
            hour=int(hour), minute=int(hour % 1 * 60)
        )
        track = builder.put(
            f"track_{number}",
            "event.track",
            {
                "name": f"{who} – {french}",
                "event_id": event.id,
                "location_id": stages[stage].id,
                "date": local.astimezone(datetime.UTC).replace(tzinfo=None),
                "duration": minutes / 60,
                "partner_name": who,
                "stage_id": published.id,
                "is_published": True,
                "user_id": builder.find("user_festival_programmation").id,
                "color": number % 10 + 1,
            },
            company=builder.company("festival"),
        )
        builder.translate(track, name=f"{who} – {english}")
