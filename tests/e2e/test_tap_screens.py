"""What people see of the till's real page: read by axe, measured, worked by the reader alone."""

from playwright.sync_api import expect

from tests.support.page_checks import axe_faults

# Width and height: a phone in the hand, a till's screen of 10 inches.
SCREENS = [(360, 640), (1024, 600)]
SIDES = ".modal-body, .modal-footer"  # of a window; its title bar is Odoo's
ROOM = ".tibillet-band-room"
TOO_SMALL = """(selector) => [...document.querySelectorAll(selector)]
    .flatMap((ours) => [ours, ...ours.querySelectorAll("*")])
    .filter((one) => one.matches("button, select, input:not([type=checkbox])"))
    .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
    .filter(([box]) => box.width && (Math.min(box.width, box.height) < 47.5 ||
        box.left < -1 || box.right > innerWidth + 1))
    .map(([box, html]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${html}`)"""
HOUSE_TOKENS = """
    SELECT c.uid FROM tibillet_card c
      JOIN tibillet_account a ON a.wallet_id = c.wallet_id
      JOIN tibillet_asset s ON s.id = a.asset_id
     WHERE s.kind = 'local' AND c.state = 'anonymous' AND a.balance_minor > 0
     ORDER BY c.id LIMIT 1"""
CONTRAST = """(selector) => {
    const light = (rgb) => rgb.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    return [...document.querySelectorAll(selector)].map((element) => {
        let under = element;
        let ground = "rgba(0, 0, 0, 0)";
        while (ground === "rgba(0, 0, 0, 0)" && under) {
            ground = getComputedStyle(under).backgroundColor;
            under = under.parentElement;
        }
        const [high, low] = [light(getComputedStyle(element).color), light(ground)]
            .sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    });
}"""


def check_band(till, name):
    """An answer: as wide as the screen, 64 px high or more, whole on it, 7 : 1, with a shape."""
    page = till.page
    check_screen(till, name, ROOM)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        band = page.locator(".tibillet-band").bounding_box()
        assert band["height"] >= 64 and band["width"] >= width - 1, (name, width, band)
        assert band["y"] + band["height"] <= height, (name, width, band)
    for what in ("title", "amount", "text", "left"):
        for ratio in page.evaluate(CONTRAST, f".tibillet-band-{what}"):
            assert ratio >= 7, (name, what, ratio)
    assert page.locator(".tibillet-band .tibillet-shape").count() == 1


def check_screen(till, name, selector):
    """What is ours, on a phone and on a small till: axe, and nothing under 48 px or outside."""
    page = till.page
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(250)  # a band drops in, a window slides in
        assert axe_faults(page, selector) == [], (name, width)
        assert page.evaluate(TOO_SMALL, selector) == [], (name, width)
        till.picture(f"screen-{name}-{width}")


def check_steps(till, names):
    """Each step of the card's page that the cashier may take, and back to where it began."""
    page = till.page
    for name in names:
        page.click(f".tibillet-page [data-act={name}]")
        expect(page.locator(f"[data-step={name}]")).to_be_visible()
        if name == "refund":
            page.wait_for_selector("[data-act=give]")
        check_screen(till, name, ".tibillet-page")
        if name == "link":
            page.click("[data-act=link-now]")
            expect(page.locator(".tibillet-page-error")).to_be_in_viewport()
            check_screen(till, "link-refused", ".tibillet-page")
        if name == "refund":
            check_ways(till)
        page.click(".tibillet-page [data-act=card]")


def check_ways(till):
    """Left to the place, or by transfer: the key stands there and asks for what is missing."""
    page = till.page
    page.click("[data-act=give]")
    check_screen(till, "give", ".tibillet-page")
    page.click("[data-act=other-way]")
    page.click("[data-way=transfer]")
    page.click("[data-act=transfer]")
    expect(page.locator(".tibillet-page-error")).to_be_in_viewport()
    check_screen(till, "transfer", ".tibillet-page")


def check_drawer(till, step):
    """One window of the drawer, opened afresh."""
    page = till.page
    page.evaluate("void posmodel.tibilletOpenCash()")
    page.wait_for_selector(".tibillet-cash-ways")
    if step != "menu":
        page.click(f".tibillet-cash-to-{step}")
    if step == "bag":
        page.click(".tibillet-cash-drop")
        expect(page.locator(".tibillet-cash-error")).to_be_visible()
    check_screen(till, f"drawer-{step}", f".tibillet-cash :is({SIDES})")
    page.click(".tibillet-cash-leave")
    page.wait_for_selector(".tibillet-cash", state="detached")


def test_each_screen_is_for_everybody(evening, card):
    """Card page with its steps, drawer, reader check, refusal, completion: one load of the till."""
    bar, till = evening.bar, evening.till
    page = till.page
    uid = bar.database.value(HOUSE_TOKENS)  # the bar pays its own tokens back
    page.evaluate(f"void posmodel.tibilletTill.openCardPage('{uid}')")
    expect(page.locator(".tibillet-page-balances")).to_be_visible()
    check_screen(till, "card", ".tibillet-page")
    check_steps(till, ["topup", "refund", "link", "lost"])
    page.keyboard.press("Escape")
    page.wait_for_selector(".tibillet-page", state="detached")

    for step in ("menu", "bag", "count"):
        check_drawer(till, step)

    page.evaluate("void posmodel.tibilletTill.openReaderCheck()")
    page.wait_for_selector(".tibillet-check-row")
    check_screen(till, "reader", f".tibillet-check :is({SIDES})")
    page.keyboard.press("Escape")
    page.wait_for_selector(".tibillet-check", state="detached")
    check_screen(till, "bar", ".tibillet-look, .tibillet-status")

    till.beer()
    plastic = card(bar.short_uid).insert()
    till.band("insufficient_funds")
    plastic.remove()
    check_band(till, "short")
    till.press("other_card")
    till.band("other_card")
    page.click(".tibillet-figure[data-figure='1']")
    expect(page.locator(".tibillet-band-next")).to_contain_text("1,00")
    check_band(till, "completion")
    till.press("give_up")
    till.band("given_up")
    check_band(till, "given-up")
    till.press("close")


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
