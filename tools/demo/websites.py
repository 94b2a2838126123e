"""One website a place: address, languages, colours, fonts of the visitor's own machine, menus."""

import base64

from . import ink, pictures
from .style import RULES
from .territory import BAR, COOP, FESTIVAL

VERSION = 1

MENUS = {
    # place: (French, English, address)
    "bar": (
        ("Accueil", "Home", "/"),
        ("Agenda", "What's on", "/event"),
        ("À la carte", "Menu", "/#comptoir"),
        ("La carte sans contact", "The card", "/#carte"),
        ("Venir", "Find us", "/#venir"),
    ),
    "festival": (
        ("Accueil", "Home", "/"),
        ("Programme", "Programme", "/event"),
        ("Boutique", "Shop", "/shop"),
        ("La carte sans contact", "The card", "/#carte"),
        ("Venir", "Find us", "/#venir"),
    ),
    "coop": (
        ("Accueil", "Home", "/"),
        ("Agenda", "What's on", "/event"),
        ("Épicerie", "Groceries", "/shop"),
        ("La carte sans contact", "The card", "/#carte"),
        ("Venir", "Find us", "/#venir"),
    ),
}


def build(builder):
    """Make the websites and give each its colours; nothing is asked of another host."""
    french = builder.env["res.lang"]._lang_get("fr_FR")
    english = builder.env["res.lang"]._lang_get("en_US")
    for sequence, place in enumerate((COOP, BAR, FESTIVAL), 1):
        company = builder.company(place.slug)
        values = {
            "name": place.name,
            "company_id": company.id,
            "domain": address(place, builder.port),
            "sequence": sequence,
            "language_ids": [(6, 0, (french + english).ids)],
            "default_lang_id": french.id,
            "logo": pictures.as_field(logo(place)),
            "favicon": base64.b64encode(favicon(place)),
            "cookies_bar": False,
        }
        if builder.find(f"website_{place.slug}") is None:
            if place is COOP:
                # Odoo's first website answers for every name it does not know: localhost too.
                website = builder.env["website"].search([], limit=1)
                website.write(values)
            else:
                website = builder.env["website"].create(values)
            builder.remember(f"website_{place.slug}", website)
        _colours(builder, place)
        _menus(builder, place)
        _header(builder, place)
        _payment(builder, place)
    _tell_apart(builder)
    return f"{len(builder.places)} websites"


def address(place, port):
    """Return where a place answers: browsers take ``*.localhost`` for this machine."""
    return f"http://{place.slug}.localhost:{port}"


def set_port(builder):
    """Follow the port: links in mails and tickets are made from the website's domain."""
    for place in builder.places:
        website = builder.website(place.slug)
        if website.domain != address(place, builder.port):
            website.domain = address(place, builder.port)


def logo(place):
    """Return a word with its sign, in the place's colour."""
    signs = {
        "bar": ink.line("M28 12V50M10 34C12 54 44 54 46 34M18 22H38", place.accent, 5)
        + ink.disc(28, 10, 5, place.accent),
        "festival": ink.gull(30, 34, 0.36, place.accent),
        "coop": ink.line("M6 34C16 14 26 54 36 34S50 18 54 26", place.accent, 5)
        + ink.disc(6, 34, 5, place.accent),
    }
    width = 76 + int(len(place.name) * 14.4)
    return ink.svg(
        width,
        60,
        signs[place.slug],
        f'<text x="68" y="40" font-family="Georgia, \'Liberation Serif\', serif" '
        f'font-weight="700" font-size="27"'
        f' textLength="{width - 76}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{ink.INK}">{place.name}</text>',
    )


def favicon(place):
    """Return a small disc in the place's colour, with its first letter's counter."""
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (256, 256))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 248, 248), fill=place.accent)
    draw.ellipse((84, 84, 172, 172), fill=ink.SUN if place is not FESTIVAL else ink.PEACH)
    draw.rectangle((8, 150, 248, 176), fill=place.accent_dark)
    out = io.BytesIO()
    image.resize((64, 64)).save(out, "ICO", sizes=[(32, 32), (64, 64)])
    return out.getvalue()


def _colours(builder, place):
    website = builder.website(place.slug)
    assets = builder.env["website.assets"].with_context(website_id=website.id)
    assets.make_scss_customization(
        "/website/static/src/scss/options/colors/user_color_palette.scss",
        {
            "o-color-1": place.accent,
            "o-color-2": place.accent_dark,
            "o-color-3": ink.SAND,
            "o-color-4": ink.PAPER,
            "o-color-5": ink.INK,
        },
    )
    fonts = ("font", "headings-font", "navbar-font", "buttons-font", "default-headings-font")
    assets.make_scss_customization(
        "/website/static/src/scss/options/user_values.scss",
        {**dict.fromkeys(fonts, "'SYSTEM_FONTS'"), "logo-height": "2.6rem"},
    )
    assets.save_asset(
        "/website/static/src/scss/user_custom_rules.scss",
        "web.assets_frontend",
        RULES.replace("ACCENT_DARK", place.accent_dark).replace("ACCENT", place.accent),
        "scss",
    )


def _tell_apart(builder):
    """Give each website's rules their own second.

    A bundle of styles is named after the time of its files, and Odoo serves a bundle of the same
    name made for another website: written in one transaction, all three would wear one colour.
    """
    builder.env.flush_all()
    for seconds, place in enumerate(builder.places, 1):
        builder.env.cr.execute(
            """UPDATE ir_attachment
                  SET write_date = date_trunc('second', write_date) - make_interval(secs => %s)
                WHERE website_id = %s AND url LIKE %s""",
            [seconds, builder.website(place.slug).id, "/\\_custom/%"],
        )
    builder.env.invalidate_all()


def _menus(builder, place):
    website = builder.website(place.slug)
    top = website.menu_id
    top.child_id.unlink()
    for sequence, (french, english, url) in enumerate(MENUS[place.slug], 1):
        menu = (
            builder.env["website.menu"]
            .with_context(lang="fr_FR")
            .create(
                {
                    "name": french,
                    "url": url,
                    "parent_id": top.id,
                    "website_id": website.id,
                    "sequence": sequence * 10,
                }
            )
        )
        builder.translate(menu, name=english)


def _header(builder, place):
    """Leave out what Odoo puts in a header for want of better: a made-up phone, a second button."""
    website = builder.website(place.slug)
    views = builder.env["ir.ui.view"].with_context(website_id=website.id, active_test=False)
    for key in ("header_text_element", "header_call_to_action", "header_social_links"):
        view = views.search(
            [("key", "=", f"website.{key}"), ("website_id", "in", (False, website.id))],
            order="website_id",
            limit=1,
        )
        if view.active:
            view.active = False


def _payment(builder, place):
    """The imaginary payment of Odoo, so that a visitor can buy a ticket to the end."""
    env = builder.at(place.slug)
    company = builder.company(place.slug)
    provider = env["payment.provider"].search(
        [("code", "=", "demo"), ("company_id", "=", company.id)], limit=1
    )
    if not provider:
        model = env.ref("payment.payment_provider_demo").sudo()
        provider = model.copy({"company_id": company.id, "state": "disabled"})
    provider.write({"state": "test", "is_published": True})
