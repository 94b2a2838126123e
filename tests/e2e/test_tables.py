"""The demo's bar has tables: their orders are paid by card like any other, and the page may be
loaded again at any moment."""

from playwright.sync_api import expect

from tests.e2e.counter import BEER_MINOR


def test_tables_pay_by_card(evening, card):
    bar, till = evening.bar, evening.till
    till.picture("register")
    till.tables()
    expect(till.page.locator(".button-floor.active")).to_have_text("Salle")
    till.picture("floor")
    # One table by a tap on its basket.
    till.table(4)
    till.beer()
    till.picture("table")
    plastic = card(bar.uid).insert()
    assert "Payé 6,00 €" in till.band("paid")
    expect(till.basket()).to_have_count(0)
    plastic.remove()
    till.sent()
    # Another, left with goods on it and found again, by the payment screen.
    till.tables()
    till.table(2)
    till.beer(2)
    till.tables()
    till.table(1)
    expect(till.basket()).to_have_count(0)
    till.tables()
    till.table(2)
    expect(till.basket()).to_have_count(1)
    till.pay_on_screen()
    till.picture("table-payment")
    plastic.insert()
    receipt = till.page.locator(".pos-receipt")
    expect(receipt.locator(".tibillet-receipt-left")).to_contain_text("2,00")
    till.picture("table-receipt")
    plastic.remove()
    till.sent()
    till.page.click(".receipt-screen [name=done] >> visible=true")

    till.close_register()
    assert bar.orders() == [("done", 6.0, 6.0), ("done", 12.0, 12.0)]
    assert bar.tables_paid() == [4, 2]
    assert [state for _key, _code, state in bar.operations()] == ["posted", "posted"]
    assert bar.account(bar.uid) == (bar.loaded[bar.uid] - 3 * BEER_MINOR, 0)
    assert bar.payments() == {"tibillet_nfc": 3 * BEER_MINOR}
    assert bar.sold() == 3
    bar.check_books()


def test_a_page_loaded_again_with_orders_to_send(evening, card):
    """Two orders are paid by card and nobody hears of them; then somebody presses F5."""
    bar, till = evening.bar, evening.till
    found = till.lose_orders()
    plastic = card(bar.uid)
    for table in (None, 3):
        if table:
            till.tables()
            till.table(table)
        till.beer()
        plastic.insert()
        till.band("paid")
        plastic.remove()
        expect(till.basket()).to_have_count(0)
    assert bar.account(bar.uid) == (bar.loaded[bar.uid], 2 * BEER_MINOR)
    assert "paid" not in [state for state, _total, _paid in bar.orders()]
    till.picture("unsent")

    till.reload()
    found()
    till.sent()
    assert bar.orders() == [("paid", 6.0, 6.0)] * 2
    assert [state for _key, _code, state in bar.operations()] == ["posted", "posted"]
    assert bar.account(bar.uid) == (bar.loaded[bar.uid] - 2 * BEER_MINOR, 0)
    assert bar.sold() == 2
    till.close_register()
    assert bar.payments() == {"tibillet_nfc": 2 * BEER_MINOR}
    bar.check_books()
