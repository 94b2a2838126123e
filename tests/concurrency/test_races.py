"""Races on real processes, each with a control that shows the race when a guard is off."""

import pytest

from . import controls
from .market import ACTS, REVERSED


def test_one_balance_is_spent_once(play):
    result = play("double_spend", workers=8, rounds=5)
    assert result["won"] == [1] * 5
    assert set(result["refused"]) == {"insufficient_funds"}
    assert result["balances"] == [0] * 5
    assert result["audit"] == {}


@pytest.mark.parametrize("control", [controls.lock_kept_update_removed, controls.guard_off])
def test_control_without_the_update_the_balance_is_spent_many_times(play, database, control):
    control(database)
    result = play("double_spend", workers=4, rounds=1)
    assert result["won"][0] > 1, "the control no longer shows the race"
    assert result["balances"][0] < 0


def test_a_hold_is_resolved_once(play):
    result = play("resolve", rounds=6)
    assert result["winners"] == [1] * 6
    for state, transfers in zip(result["states"], result["transfers"], strict=True):
        assert state in ("posted", "voided", "expired")
        assert transfers == (1 if state == "posted" else 0)
    assert result["audit"] == {}


@pytest.mark.parametrize(
    "rivals",
    [
        ["capture", "void"],
        ["capture", "expire"],
        ["void", "expire"],
        ["capture", "capture", "capture"],
    ],
)
def test_every_pair_of_rivals(play, rivals):
    result = play("resolve", rivals=rivals, rounds=3)
    if set(rivals) == {"capture"}:
        assert result["winners"] == [3] * 3, "the same capture is answered to everybody"
        assert result["states"] == ["posted"] * 3
    else:
        assert result["winners"] == [1] * 3
    assert all(
        transfers == (state == "posted")
        for state, transfers in zip(result["states"], result["transfers"], strict=True)
    )
    assert result["audit"] == {}


@pytest.mark.parametrize("keep_lock", [True, False])
def test_control_without_the_update_a_hold_is_captured_and_voided(play, database, keep_lock):
    controls.resolve_without_update(database, keep_lock)
    result = play("resolve", rivals=["capture", "void"], rounds=1)
    assert result["winners"] == [2], "the control no longer shows the race"


def test_one_key_has_one_effect(play):
    result = play("same_key", workers=4, rounds=5)
    assert all(len(operations) == 1 and operations[0] for operations in result["operations"])
    assert result["effects"] == [500] * 5
    assert result["audit"] == {}


def test_control_without_the_unique_key_the_effect_is_doubled(play, database):
    controls.key_guard_off(database)
    result = play("same_key", workers=4, rounds=1)
    assert len(result["operations"][0]) > 1, "the control no longer shows the race"
    assert result["effects"][0] > 500


@pytest.mark.seeds(1)
def test_killed_between_statements_nothing_is_lost_or_doubled(play, seed):
    """Two thousand operations of every code, eight processes, four wallets, twenty kills."""
    result = play("storm", workers=8, kills=20, operations=2_000, seed=seed)
    assert result["killed"] >= 20
    assert result["asked"] >= 2_000
    assert result["answered"] > 1_000
    assert result["codes"] == sorted({*ACTS, *REVERSED.values()})
    assert (result["lost"], result["doubled"], result["changed"]) == ([], [], [])
    assert result["audit"] == {}
    assert result["money"] == [0]


def test_control_with_two_transactions_a_kill_loses_money(play):
    result = play("storm", workers=8, kills=20, operations=100, broken=True)
    assert "balance" in result["audit"], "the control no longer shows what a kill does"


@pytest.mark.parametrize("ceiling", ["stored", "spent", "daily"])
def test_a_ceiling_of_the_whole_wallet_is_not_passed_by_two_at_once(play, ceiling):
    """Each moves another asset, so no account is shared: the ceiling alone decides."""
    result = play("ceiling", ceiling=ceiling, rounds=4)
    assert result["won"] == [1] * 4
    assert set(result["refused"]) == {"limit_exceeded"}
    assert result["audit"] == {}


@pytest.mark.parametrize("ceiling", ["stored", "spent"])
def test_control_on_its_own_account_each_passes_the_ceiling(play, database, ceiling):
    controls.whole_wallet_guard_off(database)
    result = play("ceiling", ceiling=ceiling, rounds=1)
    assert result["won"] == [2], "the control no longer shows the race"


def test_control_without_the_touch_of_the_wallet_the_daily_limit_is_passed(play):
    result = play("ceiling", ceiling="daily", rounds=1, broken=True)
    assert result["won"] == [2], "the control no longer shows the race"


def test_a_sale_is_undone_once(play):
    result = play("undo_twice", workers=4, rounds=4)
    assert result["won"] == [1] * 4
    assert set(result["refused"]) == {"limit_exceeded"}
    assert result["audit"] == {}


def test_what_reaches_a_card_that_is_being_claimed_is_not_lost(play):
    """A shortfall, of an asset that the card never held, while its wallet is merged."""
    result = play("claim_and_charge", rounds=6)
    assert result["stranded"] == [0] * 6
    assert set(result["outcomes"]) <= {"both", "claimed only"}
    assert result["audit"] == {}


def test_control_without_the_touch_of_the_wallet_money_is_stranded(play):
    result = play("claim_and_charge", rounds=1, broken=True)
    assert result["stranded"] == [700], "the control no longer shows the race"


def test_a_refund_ceiling_of_the_day_is_not_passed_by_desks_at_once(play):
    """Each desk pays back another card, so no account is shared: the row of the day decides."""
    result = play("refund_ceiling", workers=4, rounds=3)
    assert result["paid"] == [1] * 3
    assert set(result["refused"]) == {"limit_exceeded"}
    assert result["audit"] == {}


def test_control_without_the_row_of_the_day_the_refund_ceiling_is_passed(play, database):
    controls.refund_day_untouched(database)
    result = play("refund_ceiling", workers=4, rounds=1)
    assert result["paid"][0] > 1, "the control no longer shows the race"


def test_what_is_owed_is_proposed_and_paid_once(play):
    """Two accountants propose the same pair at once, then note its payment at once."""
    result = play("settle_twice")
    assert sorted(result["proposed"]) == [False, True]
    assert "owe each other nothing" in result["said"][0]
    assert result["claimed"] == 30.0
    assert sorted(result["paid"]) == [False, True]
    assert "is not to be paid" in result["not_paid"][0]
    assert (result["state"], result["payments"]) == ("done", [30.0])
    assert (result["owed"], result["books"]) == (0, [True, True])
    assert result["audit"] == {}


def test_control_without_the_number_of_the_pair_it_is_claimed_twice(play, database):
    controls.settlement_number_free(database)
    result = play("settle_twice", broken=True)
    assert result["proposed"] == [True, True], "the control no longer shows the race"
    assert result["claimed"] == 60.0
