"""A roll-up loses no transfer, also when a lower id commits after a higher one."""

import secrets

import pytest

DONE = "SELECT done_id, next_id FROM tibillet_rollup_mark"


class Bar:
    """A place with two loaded cards, committed."""

    def __init__(self, database):
        self.database = database
        with database.env() as env:
            asset = env["tibillet.asset"].create({"name": "Jeton", "code": "roll-up"})
            cards = env["tibillet.card"].create([{"company_id": env.company.id}] * 2)
            account = env["tibillet.account"]
            self.issuer = account._get(asset.issuer_wallet_id, asset).id
            self.place = account._get(env["tibillet.wallet"]._of_place(env.company), asset).id
            self.purses = [account._get(wallet, asset).id for wallet in cards.wallet_id]
            for purse in self.purses:
                self.post(env, "topup", self.issuer, purse, 1000)

    def post(self, env, code, debit, credit, amount):
        request = {"key": secrets.token_hex(8), "origin": "test", "code": code}
        return (
            env["tibillet.ledger"]
            .sudo()
            ._post([{**request, "transfers": [(debit, credit, amount)]}])
        )

    def roll_up(self):
        with self.database.env() as env:
            env["tibillet.ledger"]._roll_up()

    def balance(self):
        return self.database.value("SELECT tibillet_account_sum(%s)", self.place)

    def audit(self):
        with self.database.env() as env:
            return env["tibillet.ledger"]._audit()

    def overlap(self, between):
        """A sale of 10 takes its transfer's id, a sale of 20 takes the next and commits first."""
        with self.database.env() as slow:
            late = self.post(slow, "sale", self.purses[0], self.place, 10)
            with self.database.env() as quick:
                early = self.post(quick, "sale", self.purses[1], self.place, 20)
                early_id = early.transfer_ids.id
            assert late.transfer_ids.id < early_id
            between(early_id)
        return early_id


@pytest.fixture
def bar(database):
    return Bar(database)


def test_a_lower_id_that_commits_later_is_not_lost(bar, database):
    def between(early_id):
        for _night in range(3):
            bar.roll_up()
            [(done, marked)] = database.query(DONE)
            assert done < early_id <= marked, "the mark must wait for the sale under way"
        assert bar.balance() == 20

    early_id = bar.overlap(between)
    assert bar.balance() == 30
    bar.roll_up()
    bar.roll_up()
    [(done, _marked)] = database.query(DONE)
    assert done >= early_id, "nobody is writing: the sums reach the end"
    assert bar.balance() == 30
    assert bar.audit() == {}


def test_control_without_waiting_the_sale_is_lost(bar, database):
    """The same with the horizon taken away: the sum is wrong for ever, and the sweep sees it."""

    def between(early_id):
        bar.roll_up()
        database.query("UPDATE tibillet_rollup_mark SET next_xid = '3'::xid8")
        bar.roll_up()
        [(done, _marked)] = database.query(DONE)
        assert done >= early_id

    bar.overlap(between)
    assert bar.balance() == 20, "the control no longer shows the loss"
    assert bar.audit()["rollup"] == [bar.place]


def test_who_is_paid_out_during_a_roll_up_gets_what_is_there(bar):
    """The sum that a payment goes by is that of one snapshot, before or after the roll-up."""
    with bar.database.env() as env:
        bar.post(env, "sale", bar.purses[0], bar.place, 600)
    bar.roll_up()
    with bar.database.env() as env:
        account = env["tibillet.account"].browse(bar.place)
        assert account._balance() == 600
        bar.roll_up()
        assert account._balance() == 600
        bar.post(env, "settle", bar.place, bar.issuer, 600)
    bar.roll_up()
    bar.roll_up()
    assert bar.balance() == 0
    assert bar.audit() == {}
