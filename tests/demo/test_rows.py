"""The demo month passes every row of the accounting table (practice-france, 27), one by one."""

import pytest

from tests.demo.books import SLUGS, XMLID, Books
from tools.demo import claims, dormant, rows, stands, weekend

PLACED = {slug: f"{XMLID}.company_{slug}" for slug in SLUGS}


class Month:
    """What the ledger did, and what the books of each company say of it."""

    def __init__(self, env):
        self.env = env
        self.companies = {slug: env.ref(xmlid) for slug, xmlid in PLACED.items()}
        self.books = {slug: Books(env, company) for slug, company in self.companies.items()}

    def operations(self, code, at=None, *, asset=None, kind=None, means=None):
        """Posted operations of a code: at a place, of an asset's code or kind, by a means."""
        domain = [("code", "=", code), ("state", "=", "posted")]
        domain += [("company_id", "=", self.companies[at].id)] if at else []
        domain += [("means", "=", means)] if means else []
        found = self.env["tibillet.operation"].search(domain)
        for name, value in (("code", asset), ("kind", kind)):
            if value:
                found = found.filtered(
                    lambda one, n=name, v=value: v in one.transfer_ids.asset_id.mapped(n)
                )
        assert found, (code, at, asset, kind, means)
        return found

    def moved(self, operations):
        """Their sum, in minor units."""
        return sum(operations.transfer_ids.mapped("amount_minor"))

    def entries(self, operations, slug):
        """The lines of the ledger's entries of a company that hold these operations."""
        company = self.companies[slug]
        links = self.env["tibillet.ledger.entry.operation"].search(
            [("operation_id", "in", operations.ids), ("company_id", "=", company.id)]
        )
        assert set(links.operation_id.ids) == set(operations.ids), "each is in an entry"
        return links.entry_id.move_id.line_ids

    def balance(self, slug, role):
        """Posted balance of a role's accounts, in cents, debit positive."""
        books = self.books[slug]
        accounts = books.env["account.account"].union(*books.role(role).values())
        return books.balance(accounts)

    def account(self, slug, prefix):
        """Posted balance of the accounts whose number begins so, in cents, debit positive."""
        books = self.books[slug]
        found = books.env["account.account"].search(
            [("company_ids", "in", books.company.ids), ("code", "=like", f"{prefix}%")]
        )
        return books.balance(found)

    def asset(self, key):
        """The demo's asset of this name."""
        return self.env.ref(f"{XMLID}.asset_{key}")


@pytest.fixture(scope="module")
def told(month):
    return Month(month)


# -- one function a row ------------------------------------------------------------------------


def _top_up_multi(told):
    """Top-up of an asset `multi`: Dr money — Cr W, here at its issuer, in cash and by card."""
    for means in ("cash", "bank_card"):
        fed = told.operations("topup", "coop", asset="euro-federe", means=means)
        lines = told.entries(fed, "coop")
        assert told.asset("fed").liability_account_id in lines.account_id


def _top_up_single(told):
    """Top-up of an asset `single`: W without its tax, the tax due at once."""
    sold = told.operations("topup", "festival", asset=stands.TOKEN_CODE)
    asset = told.asset(stands.TOKEN)
    assert asset.vat_nature == "single" and told.moved(sold) == 1800
    told.operations("sale", "festival", asset=stands.TOKEN_CODE)
    told.operations("refund", "festival", asset=stands.TOKEN_CODE)
    [figures] = [
        row for row in told.books["festival"].control()["assets"] if row["asset_id"] == asset.id
    ]
    # 18 sold, 6 drunk, 6 paid back: 6 held, of which a sixth is tax
    assert (figures["books_minor"], figures["taxed_minor"]) == (500, 100)


def _provider_fee(told):
    """Dr 627 and its tax — Cr bank."""
    fee = round(claims.FEE * 100)
    assert told.balance("coop", "provider_fee") == fee == told.account("coop", "627")
    assert told.account("coop", "44566") == fee // 5


def _sale_here(told):
    """Dr W — Cr revenue and tax."""
    galets = told.operations("sale", "bar", asset="galet")
    assert told.asset("token").liability_account_id in told.entries(galets, "bar").account_id


def _sale_elsewhere(told):
    """B: Dr P(issuer) — Cr revenue; issuer: Dr W — Cr P(B)."""
    there = told.operations("sale", "bar", asset="euro-federe")
    coop, bar = (told.books[slug] for slug in ("coop", "bar"))
    due_from = bar.role("due_from")[coop.company.partner_id]
    due_to = coop.role("due_to")[bar.company.partner_id]
    assert due_from in told.entries(there, "bar").account_id
    assert due_to in told.entries(there, "coop").account_id


def _sale_for_a_merchant(told):
    """Contract, till, statement, commission with its tax, payout: P is zero, no turnover."""
    statement = told.env.ref(f"{XMLID}.statement_truck")
    prices = {key: price for key, _name, price in stands.MENU}
    sold = sum(prices[key] for key in stands.ORDERED) + 2 * prices["complete"]
    assert (statement.state, statement.gross) == ("paid", sold)
    assert statement.invoice_id.state == "posted" and statement.invoice_id.amount_tax > 0
    assert statement.invoice_id.amount_residual == 0
    commission = round(sold * stands.COMMISSION) / 100
    assert statement.invoice_id.amount_untaxed == commission
    assert statement.net == round(sold - statement.commission, 2) > 0
    assert told.balance("festival", "merchant") == 0
    partner = statement.partner_id
    due_to = told.books["festival"].role("due_to").get(partner)
    assert not due_to or told.books["festival"].balance(due_to) == 0
    [session] = statement.session_ids
    assert session.state == "closed" and not session.move_id.line_ids.tax_line_id


def _gift_here(told):
    """A discount on each line."""
    gifts = told.operations("sale", "coop", kind="gift")
    assert told.env["pos.order.line"].search(
        [("tibillet_gift", ">", 0), ("company_id", "=", told.companies["coop"].id)]
    )
    assert told.moved(gifts) > 0


def _gift_reimbursed(told):
    """Giver: Dr 6234 — Cr P; who sold: Dr P(giver) — Cr revenue."""
    taken = told.operations("sale", "bar", kind="gift")
    assert told.balance("coop", "gift_expense") > 0
    giver = told.companies["coop"].partner_id
    due_from = told.books["bar"].role("due_from")[giver]
    assert due_from in told.entries(taken, "bar").account_id


def _voucher(told):
    """As a top-up; never paid back."""
    told.operations("topup", "festival", kind="voucher")
    told.operations("sale", "festival", kind="voucher")
    assert not told.asset("voucher").refundable


def _deposits(told):
    """Out, back, kept: Dr K — Cr 7086 with its tax."""
    kept = told.env["tibillet.deposit.kept"].search([("state", "=", "kept")])
    assert kept.mapped("count") == [stands.CUPS_KEPT] and kept.tax_id
    told.operations("deposit_back", "festival")
    assert told.account("festival", "7086") == -167
    left = (3 + stands.CUPS_OUT) - (2 + stands.CUPS_BACK) - stands.CUPS_KEPT
    assert told.balance("festival", "deposit") == -100 * left < 0


def _time(told):
    """Time and points make no entry."""
    given = told.operations("reward", kind="time")
    assert not told.env["tibillet.ledger.entry.operation"].search(
        [("operation_id", "in", given.ids)]
    )


def _refunds(told):
    """Dr W — Cr cash, bank card, transfer."""
    for means in ("cash", "bank_card", "transfer"):
        told.operations("refund", "coop", means=means, asset="euro-federe")


def _chargeback(told):
    """Dr W of what is there, Dr H of the rest — Cr bank; fee 627."""
    [charge] = told.env["tibillet.provider.charge"].search([("kind", "=", "chargeback")])
    assert (charge.provider_ref, charge.amount_minor) == (claims.NOTICE, 2000)
    assert charge.taken_minor == 1500 and charge.move_id.state == "posted"
    told.operations("chargeback", "coop")
    assert told.balance("coop", "claim") == charge.claim_minor == 500


def _shortfalls(told):
    """Dr H — Cr revenue; one recovered with the holder's word, one lost: Dr 654 — Cr H."""
    missing = told.operations("shortfall", "festival")
    assert len(missing) == len(claims.TWICE) and told.moved(missing) == 400
    told.operations("correct", "festival", kind="claim")
    told.operations("correct", "festival", asset="euro-federe")
    assert told.moved(told.operations("write_off", "festival")) == 200
    assert told.balance("festival", "claim") == 0
    assert told.balance("festival", "claim_loss") == 200 == told.account("festival", "654")


def _cash_differences(told):
    """On the cash journal's own accounts, with the name of who counted."""
    counted = told.env["tibillet.cash.shift"].search(
        [("person", "in", list(weekend.COUNTED)), ("difference", "!=", 0)]
    )
    assert {one.person: one.difference for one in counted} == weekend.COUNTED
    journal = told.env.ref(f"{XMLID}.journal_cash_bar")
    bar = told.books["bar"]
    assert bar.balance(journal.loss_account_id) == 40
    assert bar.balance(journal.profit_account_id) == -10
    coop = told.env.ref(f"{XMLID}.journal_cash_coop")
    assert told.books["coop"].balance(coop.loss_account_id) == rows.SHORT_OF_CASH * 100


def _settlement(told):
    """Dr P — Cr bank, mirrored, by one SEPA file."""
    [order] = told.env["tibillet.sepa.order"].search([])
    assert order.state == "paid" and order.file and len(order.line_ids) == 2
    settled = told.env["tibillet.settlement"].search([])
    assert set(settled.mapped("state")) == {"done"} and not any(settled.mapped("rest_minor"))
    assert set(settled.debtor_company_id) == {told.companies["coop"]}
    paid = told.operations("settle")
    assert told.moved(paid) >= sum(order.line_ids.mapped("amount_minor"))


def _dormant(told):
    """No entry: what sleeps is still owed."""
    [asleep] = told.env["tibillet.dormancy"].search([("state", "=", "dormant")])
    assert asleep.account_id.balance_minor == dormant.LOADED[dormant.ASLEEP]
    assert asleep.wallet_id == told.env.ref(f"{XMLID}.card_{dormant.ASLEEP}").wallet_id


def _given(told):
    """Dr W — Cr donations."""
    given = told.moved(told.operations("give", "coop"))
    assert given == 200 + dormant.LOADED[dormant.GIVEN]
    assert told.balance("coop", "gift_income") == -given


def _extinguished(told):
    """Dr W — Cr 758, no tax; by accepted terms, after three notices."""
    gone = told.operations("extinguish", "bar")
    assert told.moved(gone) == dormant.LOADED[dormant.EXTINGUISHED]
    assert told.balance("bar", "forfeit_income") == -told.moved(gone)
    assert told.account("bar", "758") == -told.moved(gone)


ROWS = {
    "top-up, asset multi": _top_up_multi,
    "top-up, asset single": _top_up_single,
    "provider fee": _provider_fee,
    "sale, till session, here": _sale_here,
    "sale, till session, with another's asset": _sale_elsewhere,
    "sale for a merchant": _sale_for_a_merchant,
    "gift spent where given": _gift_here,
    "gift reimbursed by another": _gift_reimbursed,
    "voucher sold, not refundable": _voucher,
    "deposit sold, returned, kept": _deposits,
    "time, points": _time,
    "refund by the issuer, each way": _refunds,
    "chargeback": _chargeback,
    "shortfall, recovered, lost": _shortfalls,
    "cash count difference": _cash_differences,
    "settlement": _settlement,
    "dormant": _dormant,
    "given by the holder": _given,
    "extinguished": _extinguished,
}
#: Rows of the table without an operation of the wallets, and why.
ELSEWHERE = {
    "volunteer hours": "once a year, by the accountant: tibillet_wallet, volunteers' year",
    "ticket or membership before its date": "a sale of Odoo's, cut off by the accountant",
}


@pytest.mark.parametrize("row", ROWS)
def test_the_month_passed_it(told, row):
    ROWS[row](told)


def test_every_company_balances(told):
    """Trial balance: debits are credits, and nothing waits on clearing."""
    for slug, books in told.books.items():
        total = books.sum(
            "SELECT round(sum(balance) * 100) FROM account_move_line"
            " WHERE company_id = %s AND parent_state = 'posted'",
            books.company.id,
        )
        assert total == 0, slug
        control = books.control()
        assert control["ok"] and control["clearing"]["count"] == 0, (slug, control["clearing"])
