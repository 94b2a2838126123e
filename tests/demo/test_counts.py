"""The demo territory holds what it promises, and building it again changes nothing."""

import re

import pytest

from tests.support import demo
from tools.demo import cards, claims, dormant, events, people, products, rows, stands, weekend
from tools.demo.territory import PLACES

XMLID = "__tibillet_demo__"
NAMES = tuple(place.name for place in PLACES)


@pytest.fixture
def value(territory):
    """First column of the only row of a statement."""
    return territory.value


def test_places(territory):
    companies = territory.query(
        "SELECT c.name, c.chart_template, c.account_price_include, r.code,"
        " c.point_of_sale_update_stock_quantities"
        " FROM res_company c JOIN res_partner p ON p.id = c.partner_id"
        " JOIN res_country r ON r.id = p.country_id ORDER BY c.name"
    )
    assert [row[0] for row in companies] == sorted(NAMES)
    assert {row[1:] for row in companies} == {("fr", "tax_included", "FR", "real")}


def test_one_website_each(territory):
    rows = territory.query(
        "SELECT w.name, c.name, w.domain, l.code FROM website w"
        " JOIN res_company c ON c.id = w.company_id JOIN res_lang l ON l.id = w.default_lang_id"
    )
    wanted = {
        (place.name, place.name, f"http://{place.slug}.localhost:{demo.PORT}", "fr_FR")
        for place in PLACES
    }
    assert set(rows) == wanted and len(rows) == len(wanted)
    languages = territory.query("SELECT website_id, count(*) FROM website_lang_rel GROUP BY 1")
    assert [count for _website, count in languages] == [2, 2, 2]


def test_everyone_has_a_role(territory):
    rows = territory.query(
        "SELECT u.login, c.name FROM res_users u JOIN res_company c ON c.id = u.company_id"
        " JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id AND d.module = %s"
        " WHERE u.login <> 'visiteur@demo.example'",
        XMLID,
    )
    names = {place.slug: place.name for place in PLACES}
    staff = {people.login(slug, role): names[slug] for slug, role, *_rest in people.STAFF}
    assert dict(rows) == staff | {people.login("festival", stands.CASHIER): names["festival"]}
    alone = territory.value(
        "SELECT max(n) FROM (SELECT count(*) n FROM res_company_users_rel r"
        " JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = r.user_id"
        " AND d.module = %s GROUP BY r.user_id) x",
        XMLID,
    )
    assert alone == 1, "a colleague belongs to one place"


def test_products(territory):
    rows = territory.query(
        "SELECT c.name, count(*) FROM product_product p JOIN product_template t"
        " ON t.id = p.product_tmpl_id JOIN res_company c ON c.id = t.company_id"
        " WHERE t.available_in_pos AND EXISTS (SELECT FROM ir_model_data d WHERE d.module = %s"
        " AND d.model = 'product.product' AND d.res_id = p.id) GROUP BY 1",
        XMLID,
    )
    names = {place.slug: place.name for place in PLACES}
    wanted = {names[slug]: len(shelf) for slug, shelf in products.RANGES.items()}
    wanted[names["festival"]] += len(stands.MENU)
    assert dict(rows) == wanted


def test_a_beer_of_six_euros_costs_six_euros(territory):
    with territory.env() as env:
        beer = env.ref(f"{XMLID}.product_bar_blonde")
        assert len(beer.taxes_id) == 1, "one tax: its own company's"
        amounts = beer.taxes_id.compute_all(beer.list_price, product=beer)
        assert (amounts["total_included"], amounts["total_excluded"]) == (6.0, 5.0)
        assert beer.qty_available > 0
    sold = territory.query(
        "SELECT DISTINCT l.price_subtotal_incl / l.qty, l.price_subtotal / l.qty"
        " FROM pos_order_line l JOIN ir_model_data d ON d.model = 'product.product'"
        " AND d.res_id = l.product_id AND d.name = 'product_bar_blonde'"
    )
    assert sold == [(6, 5)]


def test_events(territory):
    assert territory.value("SELECT count(*) FROM event_event") == len(events.NIGHTS)
    past, coming = territory.query(
        "SELECT count(*) FILTER (WHERE date_end < now() AT TIME ZONE 'UTC'),"
        " count(*) FILTER (WHERE date_begin > now() AT TIME ZONE 'UTC') FROM event_event"
    )[0]
    assert past >= 5 and coming >= 9
    assert not territory.value(
        "SELECT count(*) FROM event_event WHERE cover_properties::text NOT LIKE %s"
        " OR NOT is_published",
        "%url(/web/image/%",
    )
    concerts, stages = territory.query(
        "SELECT count(*), count(DISTINCT location_id) FROM event_track"
    )[0]
    assert (concerts, stages) == (len(events.LINE_UP), len(events.STAGES))
    assert territory.value("SELECT count(*) FROM mail_mail") == 0, "nobody is written to"


def test_a_month_of_sales(territory):
    count, days, oldest, latest = territory.query(
        "SELECT count(*), count(DISTINCT date_order::date), now()::date - min(date_order)::date,"
        " now()::date - max(date_order)::date FROM pos_order"
        " WHERE date_order > now() - interval '100 days'"
    )[0]
    assert 380 <= count <= 500
    assert days >= 24 and 27 <= oldest <= 32 and latest == 0
    forgotten = territory.value(
        "SELECT count(*) FROM pos_order WHERE date_order < now() - interval '1 year'"
    )
    assert forgotten == len(dormant.NUMBERS)
    by_company = territory.query("SELECT count(*) FROM pos_order GROUP BY company_id")
    assert len(by_company) == 3
    assert not territory.query("SELECT name FROM pos_session WHERE state <> 'closed'")
    assert territory.value("SELECT count(*) FROM pos_session") >= 60
    assert not territory.query("SELECT name FROM pos_order WHERE state NOT IN ('done', 'paid')")
    assert not territory.query("SELECT id FROM pos_order WHERE l10n_fr_hash IS NULL")


def test_entries_are_dated_with_the_sales(territory):
    spread = territory.value(
        "SELECT count(DISTINCT m.date) FROM account_move m JOIN pos_session s ON s.move_id = m.id"
    )
    assert spread >= 24, "the builder froze time at each closing"


def test_stock_went_down_with_each_sale(territory):
    assert not territory.query("SELECT id FROM pos_session WHERE update_stock_at_closing")
    left, start = territory.query(
        "SELECT sum(q.quantity), 900 FROM stock_quant q JOIN stock_location l"
        " ON l.id = q.location_id AND l.usage = 'internal'"
        " JOIN ir_model_data d ON d.model = 'product.product' AND d.res_id = q.product_id"
        " AND d.name = 'product_bar_blonde'"
    )[0]
    drunk = territory.value(
        "SELECT sum(l.qty) FROM pos_order_line l JOIN ir_model_data d"
        " ON d.model = 'product.product' AND d.res_id = l.product_id"
        " AND d.name = 'product_bar_blonde'"
    )
    assert left == start - drunk and drunk > 0
    assert not territory.query("SELECT name FROM stock_picking WHERE state <> 'done'")


def test_the_books_balance(territory):
    assert not territory.query(
        "SELECT move_id FROM account_move_line GROUP BY 1 HAVING abs(sum(balance)) > 0.001"
    )
    assert not territory.query(
        "SELECT m.name FROM account_move m JOIN pos_session s ON s.move_id = m.id"
        " WHERE m.state <> 'posted'"
    )
    with territory.env() as env:
        for company in env["res.company"].search([]):
            control = env["tibillet.books"]._control(company)
            assert control["ok"], (company.name, control)
            assert control["clearing"]["balance_minor"] == 0
            assert control["clearing"]["count"] == 0, "every operation has its document"
            codes = (
                env["account.account"]
                .with_company(company)
                .search([("company_ids", "in", company.ids)])
                .mapped("code")
            )
            assert len(codes) == len(set(codes)) and all(codes)


def test_cards_and_what_they_hold(territory):
    states = dict(territory.query("SELECT state, count(*) FROM tibillet_card GROUP BY 1"))
    assert states == {
        "claimed": cards.CLAIMED - 2 + len(dormant.HOLDERS),
        "lost": 1,
        "blocked": 1,
        "anonymous": cards.ANONYMOUS
        + cards.HOUSE_ANONYMOUS
        + len(weekend.GATE)
        + len(dormant.NUMBERS)
        - len(dormant.HOLDERS),
        "blank": cards.BATCH
        - cards.CLAIMED
        - cards.ANONYMOUS
        + cards.HOUSE_BATCH
        - cards.HOUSE_ANONYMOUS
        - len(weekend.GATE)
        - len(dormant.NUMBERS),
    }
    tokens = territory.query("SELECT token, number, uid FROM tibillet_card")
    assert len({token for token, *_rest in tokens}) == cards.BATCH + cards.HOUSE_BATCH
    assert all(re.fullmatch(r"[\w-]{22}", token) for token, *_rest in tokens)
    assert all(re.fullmatch(r"04[0-9A-F]{12}", uid) for *_rest, uid in tokens)
    kinds = territory.query("SELECT kind, code FROM tibillet_asset WHERE kind <> 'claim'")
    assert sorted(kinds) == [
        ("fed", "euro-federe"),
        ("gift", "cadeau"),
        ("local", "galet"),
        ("local", stands.TOKEN_CODE),
        ("time", "temps"),
        ("voucher", "bon"),
    ]
    # The ledger's own invariants, read from its rows.
    assert not territory.query(
        "SELECT asset_id FROM (SELECT t.asset_id, t.debit_account_id a, -t.amount_minor m"
        " FROM tibillet_transfer t UNION ALL SELECT asset_id, credit_account_id, amount_minor"
        " FROM tibillet_transfer) x GROUP BY asset_id HAVING sum(m) <> 0"
    )
    assert not territory.query(
        "SELECT a.id FROM tibillet_account a WHERE a.balance_minor IS NOT NULL AND"
        " (a.held_minor <> 0 OR a.balance_minor < 0 OR a.balance_minor <> COALESCE(("
        " SELECT sum(CASE WHEN t.credit_account_id = a.id THEN t.amount_minor"
        " ELSE -t.amount_minor END) FROM tibillet_transfer t"
        " WHERE a.id IN (t.credit_account_id, t.debit_account_id)), 0))"
    )
    codes = dict(territory.query("SELECT code, count(*) FROM tibillet_operation GROUP BY 1"))
    taps = sum(count for *_rest, count in (*cards.TAPS, cards.HOUSE_TAPS))
    assert codes["sale"] == taps + rows.TAPS + weekend.TAPS
    assert codes["topup"] > cards.CLAIMED + cards.ANONYMOUS
    assert {"gift", "reward"} < codes.keys()
    # What ran out on the tablet that was out of touch was recorded late.
    states = dict(territory.query("SELECT state, count(*) FROM tibillet_operation GROUP BY 1"))
    assert states.keys() == {"posted", "expired"} and states["expired"] == len(claims.TWICE)


def test_a_venues_manager_lists_the_cards_that_the_venue_handed_out(territory):
    with territory.env() as env:
        seen = env["tibillet.card"].with_user(env.ref(f"{XMLID}.user_bar_gerance")).search([])
        assert len(seen) == cards.HOUSE_BATCH
        assert set(seen.batch_id.mapped("company_id")) == {env.ref(f"{XMLID}.company_bar")}


def test_the_first_card_pays_a_beer(territory):
    """What the start page promises: card one holds 20 €, the bar takes it."""
    with territory.env() as env:
        env = env(su=True)  # the ledger is called by tills, which do so for their cashiers
        card = env.ref(f"{XMLID}.card_01")
        company = env.ref(f"{XMLID}.company_bar")
        config = env.ref(f"{XMLID}.till_bar")
        assert config._tibillet_is_simulated() and config._tibillet_methods()
        assert env["ir.config_parameter"].get_param("tibillet.demo") == "1"
        operation = env["tibillet.ledger"]._spend(
            card.wallet_id, company, [(None, 600, None)], key="a-beer", origin="test"
        )
        assert operation.paid_minor == 600
        fed = env.ref(f"{XMLID}.asset_fed")
        assert env["tibillet.account"]._get(card.wallet_id, fed).balance_minor == 1400


def test_building_again_changes_nothing(territory):
    before = _fingerprint(territory)
    said, seconds = demo.build(territory)
    assert _fingerprint(territory) == before
    assert "[" not in said.replace("[deprecated]", ""), f"a part was built again: {said}"
    assert seconds < 60


def test_a_part_that_was_interrupted_is_built(territory):
    """A part is one transaction with its mark: without mark it runs, and does not double."""
    before = _fingerprint(territory)
    for part in ("people", "products", "tills", "events"):
        territory.query(
            "DELETE FROM ir_config_parameter WHERE key = %s", f"tibillet.demo.part.{part}"
        )
    said, _seconds = demo.build(territory)
    assert len(re.findall(r"^\[", said, re.M)) == 4, said
    assert _fingerprint(territory) == before


def test_another_port_moves_the_websites_and_nothing_else(territory):
    before = _fingerprint(territory)
    demo.build(territory, "--port", "9070")
    domains = {row[0] for row in territory.query("SELECT domain FROM website")}
    assert domains == {f"http://{place.slug}.localhost:9070" for place in PLACES}
    assert _fingerprint(territory) == before


def _fingerprint(territory):
    """Rows of every table of a venue, and the sum of what was booked."""
    tables = (
        "res_company",
        "website",
        "res_users",
        "res_partner",
        "product_product",
        "pos_config",
        "pos_session",
        "pos_order",
        "pos_order_line",
        "pos_payment",
        "event_event",
        "event_registration",
        "event_track",
        "event_event_ticket",
        "account_move",
        "account_move_line",
        "account_account",
        "stock_move",
        "stock_quant",
        "website_page",
        "website_menu",
        "ir_ui_view",
        "ir_attachment",
        "tibillet_card",
        "tibillet_operation",
        "tibillet_transfer",
        "tibillet_account",
        "tibillet_asset",
        "payment_provider",
    )
    counts = {table: territory.value(f"SELECT count(*) FROM {table}") for table in tables}
    counts["booked"] = territory.value("SELECT sum(debit) FROM account_move_line")
    return counts
