"""A card touches a reader, a beer is paid, the till is free, stock goes down, the books balance.

Nothing here is played: `pcscd` with a virtual reader, the virtual card program, the bridge, an Odoo
server, a browser on the till; what is claimed is read from the database.
"""

import pytest
from playwright.sync_api import expect

from tests.e2e.bar import LOADED, SHORT_UID, STOCK, UID

BEER = 600


def test_first_tap(evening, card):
    bar, till = evening.bar, evening.till
    till.beer()
    plastic = card(UID).insert()
    words = till.band("paid")
    assert "Payé 6,00 €" in words and "14,00 €" in words
    till.picture("paid")
    # Free at once: the next customer's basket is there, empty.
    expect(till.basket()).to_have_count(0)
    till.page.wait_for_selector(".product-screen")
    plastic.remove()
    till.sent()
    [(key, code, state)] = bar.operations()
    assert (code, state, bar.moved(key)) == ("sale", "posted", BEER)
    assert bar.account() == (LOADED[UID] - BEER, 0)
    assert bar.orders() == [("paid", 6.0, 6.0)]
    assert bar.stock() == STOCK - 1

    # Another one by the payment screen, which ends on the receipt.
    till.beer()
    till.pay_on_screen()
    plastic.insert()
    receipt = till.page.locator(".pos-receipt")
    expect(receipt.locator(".tibillet-receipt-left")).to_contain_text("8,00")
    expect(receipt).to_contain_text("Jeton du Quai")
    till.picture("receipt")
    plastic.remove()
    till.sent()
    till.next_order()

    till.close_register()
    assert [state for _key, _code, state in bar.operations()] == ["posted", "posted"]
    assert bar.account() == (LOADED[UID] - 2 * BEER, 0)
    assert bar.payments() == {"tibillet_nfc": 2 * BEER}
    assert bar.stock() == STOCK - 2
    bar.check_books()


def test_a_card_that_is_short(evening, card):
    bar, till = evening.bar, evening.till
    till.beer()
    plastic = card(SHORT_UID).insert()
    assert "4,00 €" in till.band("insufficient_funds")
    till.picture("short")
    plastic.remove()
    assert bar.account(SHORT_UID) == (LOADED[SHORT_UID], 0)
    assert bar.operations() == []

    till.press("cash")
    till.validate()
    till.sent()
    till.next_order()
    assert bar.account(SHORT_UID) == (0, 0)
    assert bar.payments() == {"tibillet_nfc": LOADED[SHORT_UID], "cash": BEER - LOADED[SHORT_UID]}
    assert bar.orders() == [("paid", 6.0, 6.0)]
    till.close_register()
    bar.check_books()


@pytest.mark.parametrize("funds", [True, False], ids=["with funds", "without funds"])
def test_the_server_killed_between_hold_and_order(evening, card, funds):
    bar, till, server = evening.bar, evening.till, evening.server
    till.when_an_order_is_sent(server.kill)
    till.beer()
    plastic = card(UID).insert()
    till.band("paid")  # the hold was granted: the beer is on the counter
    plastic.remove()
    till.page.wait_for_function("() => window.orderWasSent")
    assert not server.running
    assert bar.account() == (LOADED[UID], BEER)
    assert [state for _key, _code, state in bar.operations()] == ["pending"]
    assert bar.orders() == []

    # No cron runs, nor any server. Money is away until the hold runs out, and not a minute longer.
    left = bar.expire_in()
    assert bar.take(UID, LOADED[UID], only_try=True) == "insufficient_funds"
    bar.set_clock(f"{left - 20:.0f} seconds")
    assert bar.take(UID, LOADED[UID], only_try=True) == "insufficient_funds"
    bar.set_clock(f"{left + 60:.0f} seconds")
    assert bar.take(UID, LOADED[UID], only_try=True) == ""
    if not funds:
        assert bar.take(UID, LOADED[UID] - BEER // 2) == ""

    server.start()
    till.sent(timeout=60000)
    first, *others = bar.operations()
    assert first[1:] == ("sale", "expired")
    assert bar.orders() == [("paid", 6.0, 6.0)]
    assert bar.stock() == STOCK - 1
    late, shortfall = f"{first[0]}/late", f"{first[0]}/shortfall"
    if funds:
        assert others == [(late, "sale", "posted")]
        assert bar.account() == (LOADED[UID] - BEER, 0)
        assert bar.moved(late) == BEER
    else:
        assert others == [(late, "sale", "posted"), (shortfall, "shortfall", "posted")]
        assert bar.account() == (0, 0)
        assert (bar.moved(late), bar.moved(shortfall)) == (BEER // 2, BEER // 2)

    till.close_register()


def test_a_session_of_refunds_only(evening, card):
    bar, till = evening.bar, evening.till
    till.beer()
    plastic = card(UID)
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
    assert bar.account() == (LOADED[UID], 0)
    assert [total for _state, total, _paid in bar.orders()] == [6.0, -6.0]
    assert bar.payments() == {"tibillet_nfc": 0}
    assert bar.stock() == STOCK
    bar.check_books()
