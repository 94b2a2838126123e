"""A card touches a reader, a beer is paid, the till is free, stock goes down, the books balance.

Nothing here is played: `pcscd` with a virtual reader, the virtual card program, the bridge, an Odoo
server on the demo, a browser on the till of the demo's bar; what is claimed is read from the
database.
"""

import pytest
from playwright.sync_api import expect

from tests.e2e.counter import BEER_MINOR


def test_first_tap(evening, card):
    bar, till = evening.bar, evening.till
    till.beer()
    plastic = card(bar.uid).insert()
    words = till.band("paid")
    assert "Payé 6,00 €" in words and "14,00 €" in words
    till.picture("paid")
    # Free at once: the next customer's basket is there, empty.
    expect(till.basket()).to_have_count(0)
    till.page.wait_for_selector(".product-screen")
    plastic.remove()
    till.sent()
    [(key, code, state)] = bar.operations()
    assert (code, state, bar.moved(key)) == ("sale", "posted", BEER_MINOR)
    assert bar.account(bar.uid) == (bar.loaded[bar.uid] - BEER_MINOR, 0)
    assert bar.orders() == [("paid", 6.0, 6.0)]
    assert bar.stock_moves() == [(1, "done")] and bar.sold() == 1

    # Another one by the payment screen, which ends on the receipt.
    till.beer()
    till.pay_on_screen()
    plastic.insert()
    receipt = till.page.locator(".pos-receipt")
    expect(receipt.locator(".tibillet-receipt-left")).to_contain_text("8,00")
    expect(receipt).to_contain_text("Euro fédéré")
    till.picture("receipt")
    plastic.remove()
    till.sent()
    till.next_order()

    till.close_register()
    assert [state for _key, _code, state in bar.operations()] == ["posted", "posted"]
    assert bar.account(bar.uid) == (bar.loaded[bar.uid] - 2 * BEER_MINOR, 0)
    assert bar.payments() == {"tibillet_nfc": 2 * BEER_MINOR}
    assert bar.stock_moves() == [(1, "done")] * 2 and bar.sold() == 2
    bar.check_books()


def test_a_card_that_is_short(evening, card):
    bar, till = evening.bar, evening.till
    left = bar.loaded[bar.short_uid]
    till.beer()
    plastic = card(bar.short_uid).insert()
    assert "2,50 €" in till.band("insufficient_funds")
    till.picture("short")
    plastic.remove()
    assert bar.account(bar.short_uid) == (left, 0)
    assert bar.operations() == []

    till.press("cash")
    till.validate()
    till.sent()
    till.next_order()
    assert bar.account(bar.short_uid) == (0, 0)
    assert bar.payments() == {"tibillet_nfc": left, "cash": BEER_MINOR - left}
    assert bar.orders() == [("paid", 6.0, 6.0)]
    till.close_register()
    bar.check_books()


@pytest.mark.parametrize("funds", [True, False], ids=["with funds", "without funds"])
def test_the_server_killed_between_hold_and_order(evening, card, funds):
    bar, till, server = evening.bar, evening.till, evening.server
    loaded = bar.loaded[bar.uid]
    till.when_an_order_is_sent(server.kill)
    till.beer()
    plastic = card(bar.uid).insert()
    till.band("paid")  # the hold was granted: the beer is on the counter
    plastic.remove()
    till.page.wait_for_function("() => window.orderWasSent")
    assert not server.running
    assert bar.account(bar.uid) == (loaded, BEER_MINOR)
    assert [state for _key, _code, state in bar.operations()] == ["pending"]
    assert ("paid", 6.0, 6.0) not in bar.orders()

    # No cron runs, nor any server. Money is away until the hold runs out, and not a minute longer.
    left = bar.expire_in()
    assert bar.refusal(bar.uid, loaded) == "insufficient_funds"
    bar.set_clock(left - 20)
    assert bar.refusal(bar.uid, loaded) == "insufficient_funds"
    bar.set_clock(left + 60)
    assert bar.refusal(bar.uid, loaded) == ""
    if not funds:
        # A poster, chips and a half at the festival: 3.00 are left for a beer that cost 6.00.
        bar.spend_elsewhere(bar.uid, "festival", ["affiche", "frites", "demi"])
        assert bar.account(bar.uid) == (BEER_MINOR // 2, 0)

    server.start()
    till.sent(timeout=60000)
    first, *others = bar.operations()
    assert first[1:] == ("sale", "expired")
    assert bar.orders() == [("paid", 6.0, 6.0)]
    assert bar.sold() == 1
    late, shortfall = f"{first[0]}/late", f"{first[0]}/shortfall"
    owed = 0
    if funds:
        assert others == [(late, "sale", "posted")]
        assert bar.account(bar.uid) == (loaded - BEER_MINOR, 0)
        assert bar.moved(late) == BEER_MINOR
    else:
        owed = BEER_MINOR // 2
        assert others == [(late, "sale", "posted"), (shortfall, "shortfall", "posted")]
        assert bar.account(bar.uid) == (0, 0)
        assert (bar.moved(late), bar.moved(shortfall)) == (BEER_MINOR - owed, owed)

    till.close_register()
    assert bar.payments() == {"tibillet_nfc": BEER_MINOR}
    bar.check_books()
    assert bar.owed_by_cards() == owed


def test_a_session_of_refunds_only(evening, card):
    bar, till = evening.bar, evening.till
    till.beer()
    plastic = card(bar.uid)
    plastic.insert()
    till.band("paid")
    plastic.remove()
    till.sent()
    till.close_register()

    till.open()
    till.open_register()
    till.refund_last_order()
    plastic.insert()
    assert "6,00 €" in till.band("back")
    till.picture("refund")
    plastic.remove()
    till.sent()
    till.next_order()
    till.close_register()
    assert bar.account(bar.uid) == (bar.loaded[bar.uid], 0)
    assert [total for _state, total, _paid in bar.orders()] == [6.0, -6.0]
    assert bar.payments() == {"tibillet_nfc": 0}
    assert bar.sold() == 0
    bar.check_books()
