"""The home page of each place, on a phone and on a desk, in French and in English.

Pictures are kept under `.data/test/screenshots/test_home_pages`; `python -m tests.public.pictures`
copies those the README shows to `docs/images/`.
"""

from urllib.parse import urlsplit

import pytest

from tests.support.page_checks import Watch, axe_faults, early_connections, scroll_through
from tools.demo.territory import PLACES

SIZES = {"phone": (390, 844), "desk": (1366, 850)}
LANGUAGES = {"fr": ("fr-FR", "", "fr"), "en": ("en-GB", "/en", "en")}
TITLES = {
    ("bar", "fr"): "On s'amarre, on boit un coup, on reste.",
    ("bar", "en"): "Tie up, have a drink, stay a while.",
    ("festival", "fr"): "Les Nuits du Goéland",
    ("festival", "en"): "Nights of the Gull",
    ("coop", "fr"): "Ce qui relie les lieux de Port-Lannec.",
    ("coop", "en"): "What ties the places of Port-Lannec together.",
}
SECTIONS = ("agenda", "carte", "venir", "voisins")


@pytest.fixture(scope="module")
def site(demo_site):
    """The running demo: one server for all pages of this file."""
    return demo_site


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("slug", [place.slug for place in PLACES])
def test_home_page(site, new_page, screenshots, slug, size, language):
    locale, prefix, lang = LANGUAGES[language]
    width, height = SIZES[size]
    page = new_page(width=width, height=height, locale=locale)
    watch = Watch(page)
    answer = page.goto(f"http://{slug}.localhost:{site.port}{prefix}/", wait_until="networkidle")
    assert answer.status == 200
    scroll_through(page)

    assert page.locator("html").get_attribute("lang").startswith(lang)
    assert page.locator("h1").all_inner_texts() == [TITLES[slug, language]]
    for name in SECTIONS:
        assert page.locator(f"section#{name}").count() == 1, name
    assert page.locator(".tbd-event").count() == 3, "three coming events"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scroll"
    broken = page.evaluate(
        "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
    )
    assert not broken
    assert not watch.failed, "every request is answered"
    assert not watch.errors, "no error on the console"
    assert watch.hosts == {f"{slug}.localhost"}, "nothing is asked of another host"
    assert early_connections(page) == [], "nor is a connection made to one"
    faults = axe_faults(page, ".tbd")
    assert not faults, "\n".join(faults)
    page.screenshot(path=screenshots / f"{slug}-{size}-{language}.png")


def test_the_accents_differ(site, new_page):
    """Three bundles of styles: one place never wears another's colour."""
    seen = {}
    for place in PLACES:
        page = new_page()
        page.goto(f"http://{place.slug}.localhost:{site.port}/")
        button = page.locator(".tbd-button").first
        seen[place.slug] = button.evaluate("e => getComputedStyle(e).backgroundColor")
    wanted = {
        place.slug: "rgb({}, {}, {})".format(*bytes.fromhex(place.accent[1:])) for place in PLACES
    }
    assert seen == wanted


def test_first_view_is_light(site, new_page):
    """What is ours of the first view, page and pictures, stays under 150 kB."""
    for place in PLACES:
        page = new_page(width=390, height=844)
        page.goto(f"http://{place.slug}.localhost:{site.port}/", wait_until="networkidle")
        weights = page.evaluate(
            """() => [...performance.getEntriesByType("navigation"),
                      ...performance.getEntriesByType("resource")]
                .map((entry) => [entry.name, entry.decodedBodySize])"""
        )
        ours = [
            weight for url, weight in weights if urlsplit(url).path == "/" or "/web/image/" in url
        ]
        assert len(ours) > 2 and all(ours), weights
        assert sum(ours) < 150_000, place.slug


def test_other_places_are_one_touch_away(site, new_page):
    page = new_page()
    page.goto(f"http://bar.localhost:{site.port}/")
    hrefs = page.locator("#voisins a").evaluate_all("links => links.map(link => link.href)")
    assert hrefs == [
        f"http://festival.localhost:{site.port}/",
        f"http://coop.localhost:{site.port}/",
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_start_page(site, new_page, screenshots, size, language):
    """The page of a newcomer: the till is one button away, every login is written down."""
    locale, prefix, _lang = LANGUAGES[language]
    width, height = SIZES[size]
    page = new_page(width=width, height=height, locale=locale)
    watch = Watch(page)
    page.goto(f"http://localhost:{site.port}{prefix}/demo", wait_until="networkidle")
    scroll_through(page)
    assert "bar-caisse@demo.example" in page.locator("#equipe").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert watch.hosts == {"localhost"} and not watch.failed and not watch.errors
    faults = axe_faults(page, ".tbd")
    assert not faults, "\n".join(faults)
    page.screenshot(path=screenshots / f"demo-{size}-{language}.png")


def test_a_newcomer_pays_a_beer(site, new_page, screenshots):
    """From the start page: sign in, open the till, touch a beer, tap a virtual card, free."""
    page = new_page()
    page.set_default_timeout(120_000)
    page.goto(f"http://localhost:{site.port}/demo", wait_until="networkidle")
    page.locator("#commencer .tbd-button").first.click()
    assert page.locator("input[name=login]").input_value() == "bar-gerance@demo.example"
    page.fill("input[name=password]", "demo")
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_url("**/pos/ui/**")
    page.get_by_role("button", name="Ouvrir la caisse").first.click()
    page.locator(".modal .btn-primary").first.click()
    page.get_by_text("Pinte de blonde").first.click()
    page.locator(".tibillet-demo-handle").click()
    card = page.locator(".tibillet-demo-card").first
    assert "20,00" in card.inner_text()
    page.screenshot(path=screenshots / "till-cards.png")
    # The band stays a second and a half, then the till is free: what it said is kept.
    page.evaluate(
        """() => {
            window.bands = [];
            new MutationObserver(() => {
                for (const band of document.querySelectorAll(".tibillet-band")) {
                    window.bands.push(band.innerText);
                }
            }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    card.click()
    page.wait_for_function("window.bands.length > 0")
    page.screenshot(path=screenshots / "till.png")
    assert "6,00" in page.evaluate("window.bands.join(' ')")
    page.get_by_text("Pinte de blonde").first.wait_for()
    left = site.wait_for(
        "SELECT a.balance_minor FROM tibillet_account a JOIN tibillet_card c"
        " ON c.wallet_id = a.wallet_id JOIN tibillet_asset s ON s.id = a.asset_id"
        " JOIN ir_model_data d ON d.model = 'tibillet.card' AND d.res_id = c.id"
        " WHERE d.name = 'card_01' AND s.code = 'euro-federe'",
        1400,
    )
    assert left == 1400, "the order arrived and its hold was captured"


@pytest.mark.parametrize("slug", [place.slug for place in PLACES])
def test_agenda_and_event_page(site, new_page, screenshots, slug):
    """The next event of each place opens in French and stays on the host."""
    page = new_page(width=390, height=844)
    watch = Watch(page)
    page.goto(f"http://{slug}.localhost:{site.port}/", wait_until="networkidle")
    title = page.locator(".tbd-event h3").first.inner_text()
    page.locator(".tbd-event").first.click()
    page.wait_for_url("**/event/**")
    page.wait_for_load_state("networkidle")
    assert page.get_by_text(title).count()
    assert watch.hosts == {f"{slug}.localhost"} and not watch.failed
    page.screenshot(path=screenshots / f"{slug}-event.png")
