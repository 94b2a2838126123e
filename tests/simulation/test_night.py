"""A small night on the real HTTP API: what `make simulate` plays with forty tills."""

from collections import Counter

import pytest

from tests.support.odoo_process import OdooServer
from tools.simulate import venue
from tools.simulate.compare import differences
from tools.simulate.draw import MIX, draw
from tools.simulate.evening import Evening
from tools.simulate.session import verified, warned
from tools.testing.layout import DATA

TILLS = 4
ACTS = 12
# Rarer acts more often than on a real night, so that each is met.
SMALL = {"sale": 20, "topup": 16, "completed": 20, "refund": 18, "deposit": 16, "cancelled": 10}
#: What somebody might change behind the ledger's back, and how it is undone.
PLANTED = {
    "a payment of an order that is a cent too high": (
        "UPDATE pos_payment SET amount = amount + 0.01 WHERE id = %s",
        "UPDATE pos_payment SET amount = amount - 0.01 WHERE id = %s",
        "SELECT max(id) FROM pos_payment WHERE transaction_id IS NOT NULL",
    ),
    "an order that is left out of its session": (
        "UPDATE pos_order SET state = 'cancel' WHERE id = %s",
        "UPDATE pos_order SET state = 'done' WHERE id = %s",
        "SELECT max(id) FROM pos_order WHERE state = 'done'",
    ),
    "a balance that is not what its transfers say": (
        "UPDATE tibillet_account SET balance_minor = balance_minor + 1 WHERE id = %s",
        "UPDATE tibillet_account SET balance_minor = balance_minor - 1 WHERE id = %s",
        "SELECT max(id) FROM tibillet_account WHERE balance_minor > 0",
    ),
    "an entry of the books that is a cent off": (
        "UPDATE account_move_line SET balance = balance + 0.01 WHERE id = %s",
        "UPDATE account_move_line SET balance = balance - 0.01 WHERE id = %s",
        """SELECT max(l.id) FROM account_move_line l
             JOIN res_company c ON c.tibillet_clearing_account_id = l.account_id
             JOIN pos_session s ON s.move_id = l.move_id""",
    ),
}


@pytest.mark.seeds(1)
def test_a_night_adds_up_and_what_does_not_is_found(database, seed):
    with database.env() as env:
        made = venue.build(env, TILLS, cards=2 * TILLS, poor=TILLS)
    log = DATA / "log" / "servers" / f"night-{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    server = OdooServer(database, log, workers=2).start()
    try:
        evening = Evening(made, server, seed, ACTS, seconds=0, loss=0.15, mix=SMALL)
        evening.play()
    finally:
        server.stop()
    wrong, _collisions = warned(server)
    assert differences(evening, database) + verified(database) + wrong == []
    assert evening.network("lost") > 0, "the network of this night lost nothing"
    kinds = {kind: count for kind, count in evening.done.items() if kind != "desk"}
    assert kinds.keys() == SMALL.keys() and sum(kinds.values()) == TILLS * ACTS

    for what, (plant, undo, which) in PLANTED.items():
        row = database.value(which)
        database.query(plant, row)
        assert differences(evening, database), f"nobody saw {what}"
        database.query(undo, row)
    assert differences(evening, database) == []


def test_the_same_seed_is_the_same_night():
    def told(seed):
        return [
            [(step.at_s, step.kind, step.variant, step.cards, step.basket) for step in till]
            for till in draw(seed, 3, 20, 60, 9, 3, ["beer", "juice"])
        ]

    assert told("a") == told("a")
    assert told("a") != told("b")


def test_the_mix_is_kept_to_the_act():
    steps = draw("mix", 40, 5, 60, 80, 40, ["beer"])
    kinds = Counter(step.kind for till in steps for step in till)
    assert {kind: kinds[kind] / 2 for kind in MIX} == MIX
