"""A sale made over HTTP reaches an open live page by the bus."""

from tools.bench import bar, live

# How long is a figure of the bench (`live.push`, two seconds); that it comes is the test. The
# page asks by itself once a minute, so what comes sooner came by the bus.
MOST_MS = 20_000


def test_a_sale_reaches_the_open_page(database, odoo_server, rpc, new_page, capsys, screenshots):
    with database.env() as env:
        [till] = live.prepare(env).tills
    server = odoo_server(database)
    page = new_page()
    live.watch(page, server.url)
    times = live.sell(page, rpc(server, bar.LOGIN, bar.PASSWORD), till, rounds=3)
    page.screenshot(path=screenshots / "live-push.png")
    with capsys.disabled():
        print("\nlive.push:", ", ".join(f"{ms / 1000:.2f} s" for ms in times))
    assert max(times) < MOST_MS
    assert page.locator("[data-name=amount] b").inner_text().startswith("18")
    page.goto("about:blank")
