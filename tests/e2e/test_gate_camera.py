"""Tickets held before a phone's camera, one after the other, without a touch in between."""

import pytest

from tests.concurrency import gates
from tests.support import camera_film

TICKETS = 8
PHONE = {"width": 390, "height": 844}
# Whether all are in; the volunteer's thumb sends away who comes a second time.
INSIDE = """count => {
    document.querySelector(".result.no .next")?.click();
    return document.querySelector(".foot .counts")?.innerText.startsWith(`${count} `);
}"""


@pytest.fixture
def evening(database):
    with database.env() as env:
        facts = gates.gate_evening(env, TICKETS)
        link = env["tibillet.gate.list"].browse(facts["list"]).pairing_ids[:1]
        facts["token"] = link._token()
        env.cr.commit()
    database.close()
    return facts


def test_a_queue_before_the_camera(
    evening, database, odoo_server, browser, chromium, tmp_path, screenshots
):
    film = camera_film.shoot(tmp_path / "queue.y4m", evening["texts"])
    server = odoo_server(database, workers=2)
    eyes = browser.browser_type.launch(
        executable_path=chromium,
        args=["--no-sandbox", "--disable-dev-shm-usage", *camera_film.flags(film)],
    )
    try:
        page = eyes.new_page(viewport=PHONE, locale="fr-FR", bypass_csp=True)
        page.goto(f"{server.url}/tibillet/gate#p={evening['token']}")
        page.fill("#name", "Anna")
        page.click(".join .main")
        page.wait_for_selector(".foot .counts strong")
        page.wait_for_selector(".result:not([hidden])", timeout=60_000)
        page.screenshot(path=screenshots / "camera-entry.png")
        page.wait_for_function(INSIDE, arg=TICKETS, timeout=180_000)
        page.screenshot(path=screenshots / "camera-queue.png")
    finally:
        eyes.close()
    entered = "SELECT count(*) FROM tibillet_gate_presence WHERE list_id = %s AND entries = 1"
    assert database.value(entered, evening["list"]) == TICKETS
    entries = "SELECT count(*) FROM tibillet_gate_scan WHERE list_id = %s AND code = 'entry'"
    assert database.value(entries, evening["list"]) == TICKETS
