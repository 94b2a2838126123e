"""A home page a place, its footer, and the page from which a newcomer starts."""

from lxml import etree

from . import events, scenes, start, texts
from .markup import Writer
from .territory import BAR, COOP, FESTIVAL, TOWN

VERSION = 1

FRONTS = {"bar": scenes.bar_front, "festival": scenes.festival_front, "coop": scenes.coop_front}


def build(builder):
    """Write the pages in French and in English."""
    pictures = {
        name: events.image(builder, name, drawing(), file_name=f"{name}.svg")
        for name, drawing in (
            *((f"front_{slug}", front) for slug, front in FRONTS.items()),
            ("coast", scenes.coast),
            ("card", scenes.card),
        )
    }
    sources = {name: events.address(image) for name, image in pictures.items()}
    for place in (BAR, FESTIVAL, COOP):
        website = builder.website(place.slug)
        _write(builder, website, "website.homepage", texts.home(builder, place, sources))
        _title(builder, website, place)
        _write(builder, website, "website.footer_custom", texts.footer(place))
        _write(
            builder, website, "website.footer_copyright_company_name", texts.copyright_line(place)
        )
    _start(builder, sources)
    return "3 home pages, 1 page to start from"


def _write(builder, website, key, body):
    """Replace a view for one website, with its terms in both languages."""
    views = builder.env["ir.ui.view"].with_context(
        website_id=website.id, active_test=False, lang="en_US"
    )
    view = views.search(
        [("key", "=", key), ("website_id", "in", (False, website.id))], order="website_id", limit=1
    )
    view.arch_db = body(Writer("en"))
    view = views.search([("key", "=", key), ("website_id", "=", website.id)], limit=1)
    _french(view, body)


def _title(builder, website, place):
    """Name the home page for tabs and search engines, in both languages."""
    page = builder.env["website.page"].search(
        [("url", "=", "/"), ("website_id", "=", website.id)], limit=1
    )
    _kicker, _title, lead, _button = texts.HERO[place.slug]
    for language, kind, text in (
        ("fr_FR", place.kind_fr, lead[0]),
        ("en_US", place.kind_en, lead[1]),
    ):
        where = f"{place.name}, {kind}, {TOWN}"
        page.with_context(lang=language).write(
            {"website_meta_title": where, "website_meta_description": text}
        )


def _french(view, body):
    field = view._fields["arch_db"]
    english = field.get_trans_terms(view.with_context(lang="en_US").arch_db)
    french = field.get_trans_terms(_like(view, body(Writer("fr"))))
    if len(english) != len(french):
        raise RuntimeError(f"{view.key}: {len(english)} terms in English, {len(french)} in French")
    view.update_field_translations("arch_db", {"fr_FR": dict(zip(english, french, strict=True))})


def _like(view, arch):
    """Return ``arch`` as Odoo stores it, so that terms compare."""
    return etree.tostring(etree.fromstring(arch), encoding="unicode")


def _start(builder, sources):
    """One page for all three websites: what this is, who signs in how, where the till is."""
    page = builder.find("page_start")
    body = start.page(builder, sources)
    if page is None:
        page = builder.put(
            "page_start",
            "website.page",
            {
                "name": "Commencer ici",
                "url": "/demo",
                "key": "tibillet_demo.start",
                "type": "qweb",
                "website_id": False,
                "is_published": True,
                "website_indexed": False,
                "arch": body(Writer("en")),
            },
        )
    page.view_id.with_context(lang="en_US").arch_db = body(Writer("en"))
    _french(page.view_id, body)
