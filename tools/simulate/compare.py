"""What the tills know beside what the database says: orders, cards, drawers, ledger, Z, books.

Every figure is an integer in cents. Each comparison reads the database by its own SQL and asks
none of the methods that wrote it.
"""

from collections import Counter

WALLET = "tibillet_nfc"
ORDERS = """
    SELECT o.uuid, o.state, round(o.amount_total * 100)::bigint,
           (SELECT json_object_agg(m, a) FROM (
                SELECT p.payment_method_id AS m, round(sum(p.amount) * 100)::bigint AS a
                  FROM pos_payment p WHERE p.pos_order_id = o.id GROUP BY 1) AS methods)
      FROM pos_order o WHERE o.session_id = %s AND o.state <> 'cancel'"""
CARDS = """
    SELECT c.uid, sum(a.balance_minor)::bigint, sum(a.held_minor)::bigint
      FROM tibillet_card c
      JOIN tibillet_wallet w ON w.id = c.wallet_id
      JOIN tibillet_account a ON a.wallet_id = w.id
     WHERE c.company_id = %s GROUP BY 1"""
# What the till's device did in the ledger, by what the operation is.
LEDGER = """
    SELECT CASE WHEN o.code IN ('sale', 'undo', 'deposit_back') THEN 'cards'
                WHEN o.code = 'correct' THEN named.code ELSE o.code END AS what,
           sum(CASE WHEN o.code IN ('undo', 'deposit_back', 'correct', 'refund')
                    THEN -t.amount_minor ELSE t.amount_minor END)::bigint
      FROM tibillet_operation o
      JOIN tibillet_transfer t ON t.operation_id = o.id
      LEFT JOIN tibillet_operation named ON named.id = o.names_id
     WHERE o.origin = 'device:' || %s AND o.state = 'posted' GROUP BY 1"""
# Gifts of the seller's own among them: a discount, which no document counts as money.
GIVEN = """
    SELECT COALESCE(sum(CASE WHEN o.code = 'undo' THEN -t.amount_minor
                             ELSE t.amount_minor END), 0)::bigint
      FROM tibillet_operation o
      JOIN tibillet_transfer t ON t.operation_id = o.id
      JOIN tibillet_asset s ON s.id = t.asset_id
     WHERE o.origin = 'device:' || %s AND o.state = 'posted' AND o.code IN ('sale', 'undo')
       AND s.kind = 'gift' AND s.company_id = o.company_id"""
PAYMENTS = """
    SELECT m.use_payment_terminal = %s, round(sum(p.amount) * 100)::bigint
      FROM pos_payment p
      JOIN pos_order o ON o.id = p.pos_order_id
      JOIN pos_payment_method m ON m.id = p.payment_method_id
     WHERE o.session_id = %s AND o.state IN ('paid', 'done') GROUP BY 1"""
TOPUP_LINES = """
    SELECT round(COALESCE(sum(l.price_subtotal_incl), 0) * 100)::bigint
      FROM pos_order_line l JOIN pos_order o ON o.id = l.order_id
     WHERE o.session_id = %s AND o.state IN ('paid', 'done') AND l.product_id = %s"""
CLEARING_OF_SESSION = """
    SELECT COALESCE(round(sum(l.balance) * 100), 0)::bigint
      FROM account_move_line l JOIN pos_session s ON s.move_id = l.move_id
      JOIN res_company c ON c.id = l.company_id
     WHERE s.id = %s AND l.account_id = c.tibillet_clearing_account_id
       AND l.parent_state = 'posted'"""


def differences(evening, database):
    """Sentences of what does not agree; none when the night adds up to the cent."""
    found = []
    for till in evening.tills:
        name = f"till {till.place.number}"
        found += [f"{name}: {error}" for error in till.errors]
        found += [f"{name}: {one}" for one in _orders(till, database)]
        found += [f"{name}: {one}" for one in _session(till, evening.venue, database)]
    found += _cards(evening, database)
    found += _left_over(evening, database)
    found += _books(evening.venue, database)
    return found


def _orders(till, database):
    """Every order that the till sold stands there once, paid as it was paid."""
    stored = {}
    for uuid, state, minor, methods in database.query(ORDERS, till.place.session):
        paid = {int(key): value for key, value in (methods or {}).items() if value}
        stored[uuid] = (state, minor, paid)
    for uuid in till.orders.keys() - stored.keys():
        yield f"order {uuid} of {till.orders[uuid].minor} is not there"
    for uuid in stored.keys() - till.orders.keys():
        yield f"order {uuid} of {stored[uuid][1]} was never sold"
    for uuid in stored.keys() & till.orders.keys():
        known = till.orders[uuid]
        by_method = {key: value for key, value in known.by_method.items() if value}
        if stored[uuid] != ("done", known.minor, by_method):
            yield f"order {uuid} is {stored[uuid]}, sold for {known.minor} by {by_method}"


def _session(till, venue, database):
    """Session, ledger, Z, drawer and general ledger of one till."""
    session = till.place.session
    state = database.value("SELECT state FROM pos_session WHERE id = %s", session)
    if state != "closed":
        yield f"its session is {state}"
        return
    ledger = dict(database.query(LEDGER, str(till.device)))
    paid = dict(database.query(PAYMENTS, WALLET, session))
    by_card = paid.get(True, 0)
    by_money = sum(minor for is_card, minor in paid.items() if not is_card)
    loaded = database.value(TOPUP_LINES, session, venue.topup_product)
    in_ledger = ledger.get("topup", 0) + ledger.get("refund", 0)
    known_by_card = sum(kept.by_method.get(till.place.wallet, 0) for kept in till.orders.values())
    known_in_all = sum(kept.minor for kept in till.orders.values())
    if not by_card == ledger.get("cards", 0) == known_by_card:
        yield f"cards paid {by_card}, ledger {ledger.get('cards', 0)}, till {known_by_card}"
    if loaded != in_ledger:
        yield f"top-ups sold {loaded}, ledger {in_ledger}"
    if by_card + by_money != known_in_all:
        yield f"paid {by_card + by_money}, till {known_in_all}"
    given = database.value(GIVEN, str(till.device))
    clearing = database.value(CLEARING_OF_SESSION, session)
    if clearing != by_card - loaded - given:
        yield f"clearing of the session entry {clearing}, ledger {by_card - loaded - given}"
    yield from _z(till, database, by_card, by_money, loaded, given)


def _z(till, database, by_card, by_money, loaded, given):
    """The Z is numbered, and its sections are what the ledger and the drawer say."""
    rows = database.query(
        "SELECT number, content FROM tibillet_closing WHERE session_id = %s", till.place.session
    )
    if [number for number, _content in rows] != [1]:
        yield f"its Z are numbered {[number for number, _content in rows]}"
        return
    content = rows[0][1]
    in_cards = sum(row["amount"] for row in content["methods"] if row["kind"] == "card")
    in_money = sum(row["amount"] for row in content["methods"] if row["kind"] != "card")
    assets = sum(row["value"] for row in content["assets"])
    moved = sum(row["amount"] for row in content["moved"] if row["nature"] == "topup")
    checks = content["checks"]
    lost = till.wrong_before_minor + till.wrong_minor
    for name, on_z, known in (
        ("by card", in_cards, by_card),
        ("by assets", assets, by_card),
        ("in money", in_money, by_money),
        ("loaded", moved, loaded),
        ("given", content["turnover"]["given"], given),
        ("orders", checks["orders"], by_card + by_money),
        ("payments", checks["payments"], by_card + by_money),
        ("difference of the drawer", content["cash"]["difference"], lost),
        ("drawer", content["cash"]["counted"], till.drawer_minor),
        ("missing acts", len(content["missing"]), 0),
    ):
        if on_z != known:
            yield f"Z, {name}: {on_z}, known {known}"


def _cards(evening, database):
    """Every card holds what was loaded, given, spent and given back, to the cent."""
    known = Counter(evening.venue.gifts_minor)
    for till in evening.tills:
        known.update(till.moved)
    rows = database.query(CARDS, evening.venue.company)
    stored = {uid: balance for uid, balance, _held in rows}
    for uid in sorted(known.keys() | stored.keys()):
        if known.get(uid, 0) != stored.get(uid, 0):
            yield f"card {uid} holds {stored.get(uid, 0)}, its holder knows {known.get(uid, 0)}"
    for uid, _balance, held in rows:
        if held:
            yield f"card {uid}: {held} still held"


def _left_over(evening, database):
    for what, statement in (
        ("holds live", "SELECT count(*) FROM tibillet_hold"),
        ("operations pending", "SELECT count(*) FROM tibillet_operation WHERE state = 'pending'"),
        ("gaps in journals", f"SELECT count(*) FROM ({GAPS}) AS gaps"),
    ):
        count = database.value(statement)
        if count:
            yield f"{count} {what}"


GAPS = """
    SELECT 1 FROM tibillet_device_act GROUP BY device_id
    HAVING max(seq) <> count(*) OR min(seq) <> 1"""


def _books(venue, database):
    """The ledger's entries written: nothing waits on clearing, liabilities are what cards hold,
    every rule of the ledger holds."""
    with database.env() as env:
        env = env(su=True)
        company = env["res.company"].browse(venue.company)
        every = env["res.company"].search([])
        env["tibillet.books"]._write_pending(every, include_today=True)
        env.flush_all()
        clearing = company.tibillet_clearing_account_id.id
        broken = env["tibillet.ledger"]._audit() | env["tibillet.ledger"]._audit_books()
        sentences = env["tibillet.audit.finding"]._sentences()
    for rule, ids in broken.items():
        yield f"audit, {rule}: {sentences[rule]} {ids[:10]}"
    balance = """SELECT COALESCE(round(sum(balance) * 100), 0)::bigint FROM account_move_line
                  WHERE account_id = %s AND parent_state = 'posted'"""
    waiting = database.value(balance, clearing)
    if waiting:
        yield f"{waiting} wait on clearing"
    for code, account, held in database.query(
        """SELECT s.code, s.liability_account_id, COALESCE(sum(a.balance_minor), 0)::bigint
             FROM tibillet_asset s
             LEFT JOIN (tibillet_account a JOIN tibillet_wallet w
                        ON w.id = a.wallet_id AND w.kind IN ('person', 'card'))
               ON a.asset_id = s.id
            WHERE s.backed AND s.company_id = %s GROUP BY s.id""",
        venue.company,
    ):
        owed = -database.value(balance, account)
        if owed != held:
            yield f"{code}: the books owe {owed}, cards hold {held}"
