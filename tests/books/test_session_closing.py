"""Odoo closes a till on clearing, the ledger's entry brings it back: together 0.00."""

import pytest

from tests.books.venue import Venue


@pytest.fixture
def venue(database):
    with database.env() as env:
        yield Venue(env)


def lines(move):
    return {
        (line.account_id.code, line.debit, line.credit) for line in move.line_ids if line.balance
    }


def test_sales_and_a_topup_leave_clearing_at_zero(venue):
    session = venue.open_session()
    venue.top_up(session, 20, venue.cash)
    for quantity in (1, 2):
        venue.order(session, venue.beer, quantity, venue.card)
        venue.move("sale", venue.holder, venue.place, 600 * quantity)
    entry = venue.write_books()
    assert venue.balance(venue.clearing) == 2.0, "booked by the ledger, not yet by Odoo"
    control = venue.env["tibillet.books"]._control(venue.company)
    assert control["clearing"]["unexplained_minor"] == 0
    move = venue.close(session, 20)
    clearing = venue.clearing.with_company(venue.company).code
    assert {(clearing, 18.0, 0.0), (clearing, 0.0, 20.0)} <= lines(move)
    assert venue.balance(venue.clearing) == 0.0
    assert venue.balance(venue.asset.liability_account_id) == -2.0
    assert venue.holder.balance_minor == 200
    assert len(entry) == 1
    assert entry.move_id.state == "posted"


def test_a_session_of_refunds_only(venue):
    venue.move("topup", venue.issuer, venue.holder, 600)
    sale = venue.move("sale", venue.holder, venue.place, 600)
    venue.write_books()
    before = venue.balance(venue.clearing)
    session = venue.open_session()
    venue.order(session, venue.beer, -1, venue.card)
    venue.move("undo", venue.place, venue.holder, 600, names_id=sale.id)
    move = venue.close(session, 0)
    clearing = venue.clearing.with_company(venue.company).code
    assert (clearing, 0.0, 6.0) in lines(move), "a credit, in the session's own entry"
    assert abs(sum(move.line_ids.mapped("balance"))) < 0.005
    venue.write_books()
    assert venue.balance(venue.clearing) == before
    assert venue.balance(venue.asset.liability_account_id) == -6.0


def test_clearing_stays_out_of_customers_dues(venue):
    """Its lines are no receivable: no follow-up letter for an anonymous card."""
    session = venue.open_session()
    venue.move("topup", venue.issuer, venue.holder, 600)
    venue.order(session, venue.beer, 1, venue.card)
    venue.move("sale", venue.holder, venue.place, 600)
    move = venue.close(session, 0)
    on_clearing = move.line_ids.filtered(lambda line: line.account_id == venue.clearing)
    assert on_clearing.account_id.account_type == "liability_current"
    assert not on_clearing.partner_id
