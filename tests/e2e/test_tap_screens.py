"""What a tap does on the till's real page, with the reader alone."""

from playwright.sync_api import expect

from tests.support.page_checks import axe_faults


def test_the_reader_alone(evening, card):
    """An empty basket opens the card's page, a full one is paid: no key, no touch after goods."""
    bar, till = evening.bar, evening.till
    plastic = card(bar.uid).insert()
    page = till.page
    expect(page.locator(".tibillet-page-head")).to_be_visible()
    assert axe_faults(page, ".tibillet-page-head") == []
    till.picture("tap-empty-basket")
    plastic.remove()
    page.keyboard.press("Escape")
    expect(page.locator(".tibillet-page-head")).to_have_count(0)
    till.beer()
    plastic = card(bar.uid).insert()
    till.band("paid")
    expect(till.basket()).to_have_count(0)
    plastic.remove()
    till.sent()
