"""The same database with a guard taken out, to see the races that the guards stop.

Each control rewrites the ledger's own functions by plain text replacement, and fails when
the text is not there any more: a control that changes nothing would prove nothing.
"""


def rewrite(database, function, replacements):
    source = database.value(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", function
    )
    for old, new in replacements:
        assert old in source, f"{function} has changed: {old!r} not found"
        source = source.replace(old, new)
    database.query(source)


BALANCE_UPDATE = "WHERE a.id = c.account AND a.id = ANY(holders)"
SPENDABLE_FROM_COLUMNS = "HAVING a.balance_minor - a.held_minor + sum(l.change) < a.floor_minor"
SPENDABLE_FROM_SUM = "HAVING tibillet_account_sum(a.id) + sum(l.change) < a.floor_minor"
LOCK_ALL = "IF cardinality(holders) > 1 THEN"


def lock_kept_update_removed(database):
    """Spending locks the payer's row and looks at the sum of its transfers, as many do."""
    rewrite(
        database,
        "tibillet_ledger_write",
        [
            (BALANCE_UPDATE, "WHERE false"),
            (SPENDABLE_FROM_COLUMNS, SPENDABLE_FROM_SUM),
            (LOCK_ALL, "IF cardinality(holders) > 0 THEN"),
        ],
    )


def guard_off(database):
    """Neither lock nor update: the sum of the transfers is looked at, and that is all."""
    rewrite(
        database,
        "tibillet_ledger_write",
        [
            (BALANCE_UPDATE, "WHERE false"),
            (SPENDABLE_FROM_COLUMNS, SPENDABLE_FROM_SUM),
            (LOCK_ALL, "IF false THEN"),
        ],
    )


def resolve_without_update(database, keep_lock):
    """Capture and void look at the state but do not change the rows that they share."""
    _rewrite_resolution(
        database,
        "capture",
        "UPDATE tibillet_operation SET state = 'posted', posted_at = moment WHERE id = op;",
        keep_lock,
    )
    _rewrite_resolution(
        database, "void", "UPDATE tibillet_operation SET state = 'voided' WHERE id = op;", keep_lock
    )


def _rewrite_resolution(database, act, update, keep_lock):
    replacements = [
        (update, ""),
        ("DELETE FROM tibillet_hold WHERE operation_id = op;", ""),
        ("AND a.balance_minor IS NOT NULL;\n    RETURN NULL;", "AND false;\n    RETURN NULL;"),
    ]
    if not keep_lock:
        replacements.append(("FOR NO KEY UPDATE", ""))
    rewrite(database, f"tibillet_ledger_{act}", replacements)


def key_guard_off(database):
    """No unique key: whoever looked before the other committed writes again."""
    database.query(
        "ALTER TABLE tibillet_operation DROP CONSTRAINT tibillet_operation_origin_key_unique"
    )
    rewrite(database, "tibillet_ledger_write", [("ON CONFLICT (origin, key) DO NOTHING", "")])


def whole_wallet_guard_off(database):
    """Limits that look at a whole wallet, compared without colliding on all of it."""
    rewrite(
        database,
        "tibillet_ledger_write",
        [
            (
                """IF ops @> '[{"watched": true}]' OR ops @> '[{"capped": true}]' THEN""",
                "IF false THEN",
            )
        ],
    )


def refund_day_untouched(database):
    """The row of the day is never written: two desks read one sum and do not collide."""
    database.query(
        "CREATE FUNCTION tibillet_test_no_turn() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'"
    )
    database.query(
        "CREATE TRIGGER tibillet_test_no_turn BEFORE INSERT ON tibillet_refund_day"
        " FOR EACH ROW EXECUTE FUNCTION tibillet_test_no_turn()"
    )


def settlement_number_free(database):
    """The settlements of a pair may bear one number twice."""
    database.query(
        "ALTER TABLE tibillet_settlement DROP CONSTRAINT tibillet_settlement_number_uniq"
    )


def seats_guard_off(database):
    """No door for seats: Odoo's own check is all there is."""
    database.query("DROP TRIGGER tibillet_seat_guard ON event_registration")


def seats_lock_without_update(database):
    """The counters are locked and looked at, and not written."""
    rewrite(
        database,
        "tibillet_seat_move",
        [("UPDATE tibillet_seat_counter SET used = c.used + c.n WHERE id = c.id;", "NULL;")],
    )


def seats_in_slow_motion(database):
    """Every counter that is moved takes its time, so that who can meet does."""
    moved = "UPDATE tibillet_seat_counter SET used = c.used + c.n WHERE id = c.id;"
    rewrite(database, "tibillet_seat_move", [(moved, moved + " PERFORM pg_sleep(0.02);")])


def seats_lock_in_no_order(database):
    """Counters of several events are moved as they come."""
    rewrite(database, "tibillet_seat_lock", [("IF cardinality(p_events) > 1", "IF false")])


def seats_time_runs_out(database, event):
    """Every hold of an event ended a moment ago, its grace too."""
    database.query("ALTER TABLE event_registration DISABLE TRIGGER tibillet_seat_guard")
    database.query(
        "UPDATE event_registration SET tibillet_hold_until = tibillet_now() - interval '6 minutes',"
        " tibillet_release_at = tibillet_now() - interval '1 second'"
        " WHERE event_id = %s AND tibillet_hold_until IS NOT NULL",
        event,
    )
    database.query("ALTER TABLE event_registration ENABLE TRIGGER tibillet_seat_guard")


def waiting_offer_off(database):
    """Nobody is served: seats that go back are for whoever comes first."""
    database.query(
        "CREATE OR REPLACE FUNCTION tibillet_waiting_serve(p_event integer) RETURNS integer"
        " LANGUAGE sql AS 'SELECT 0'"
    )


def waiting_joins_untouched(database):
    """Who joins does not write the event's counter, and lets a rival's transaction pass."""
    database.query(
        "CREATE OR REPLACE FUNCTION tibillet_waiting_lock(p_event integer) RETURNS void"
        " LANGUAGE sql AS 'SELECT pg_sleep(0.3)'"
    )


def refunds_guard_off(database):
    """A ticket may be written as paid back as often as one likes."""
    database.query("DROP INDEX tibillet_ticket_refund_line_once")


def giving_guard_off(database):
    """A ticket may be given on as often as one likes."""
    database.query("DROP INDEX event_registration_tibillet_given_once")
