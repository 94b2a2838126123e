"""The demo month as its accountants see it: the file for the inspector, and the trial balance."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest

from tests.demo.books import SLUGS, XMLID, Books
from tests.support import fec
from tools.demo import rows


@pytest.fixture(scope="module", params=SLUGS)
def books(request, month):
    """The books of one company."""
    return Books(month, month.ref(f"{XMLID}.company_{request.param}"))


# -- the file for the inspector ------------------------------------------------------------


def test_the_file_is_as_the_law_wants_it(books):
    name, content, first, last = books.fec()
    assert fec.faults(content, name, first, last) == []
    lines = fec.rows(content)
    assert {line["JournalCode"] for line in lines} >= {books.company.tibillet_journal_id.code}
    assert len(lines) > 50


def test_the_file_holds_what_the_books_hold(books):
    """To the cent for each account: nothing left out, nothing twice."""
    _name, content, first, last = books.fec()
    by_code = defaultdict(Decimal)
    for line in fec.rows(content):
        if line["JournalCode"] != fec.OPENING:  # last year's cards, brought forward
            by_code[line["CompteNum"]] += fec.amount(line["Debit"]) - fec.amount(line["Credit"])
    books.env.cr.execute(
        """SELECT a.code_store->>c.id::text, sum(l.balance)
             FROM account_move_line l JOIN account_account a ON a.id = l.account_id
             JOIN res_company c ON c.id = l.company_id
            WHERE l.company_id = %s AND l.parent_state = 'posted' AND l.date BETWEEN %s AND %s
            GROUP BY 1""",
        [books.company.id, first, last],
    )
    booked = {code: Decimal(f"{total:.2f}") for code, total in books.env.cr.fetchall()}
    assert {code: total for code, total in by_code.items() if total} == {
        code: total for code, total in booked.items() if total
    }


def test_no_money_of_cards_on_an_account_of_money(books):
    """No fictitious bank: the ledger's entries touch W, P, K, H, clearing, gifts; never 5."""
    _name, content, *_days = books.fec()
    journal = books.company.tibillet_journal_id.code
    touched = {line["CompteNum"] for line in fec.rows(content) if line["JournalCode"] == journal}
    assert touched and not {code for code in touched if code.startswith("5")}


BROKEN = {
    "a field less": lambda lines: [line.rpartition("|")[0] for line in lines],
    "another order": lambda lines: [
        lines[0].replace("Debit|Credit", "Credit|Debit"),
        *lines[1:],
    ],
    "a cent": lambda lines: [*lines[:-1], _with(_with(lines[-1], 11, "0,01"), 12, "0,00")],
    "a dot": lambda lines: [lines[0], lines[1].replace(",", "."), *lines[2:]],
    "a date": lambda lines: [lines[0], _with(lines[1], 3, "2026-11-01"), *lines[2:]],
    "no label": lambda lines: [lines[0], _with(lines[1], 10, ""), *lines[2:]],
    "both sides": lambda lines: [lines[0], _with(_with(lines[1], 11, "1,00"), 12, "1,00")],
}


def _with(line, at, value):
    fields = line.split("|")
    return "|".join([*fields[:at], value, *fields[at + 1 :]])


def _without_an_entry(lines):
    """Take a whole entry out of the middle of a journal: balanced, and a gap."""
    keys = [tuple(line.split("|")[i] for i in (0, 2)) for line in lines]
    journal = max({key[0] for key in keys[1:]}, key=lambda code: sum(k[0] == code for k in keys))
    numbers = sorted({key[1] for key in keys[1:] if key[0] == journal})
    gone = (journal, numbers[len(numbers) // 2])
    return [line for line, key in zip(lines, keys, strict=True) if key != gone]


BROKEN["an entry less"] = _without_an_entry


@pytest.mark.parametrize("how", BROKEN)
def test_control_a_broken_file_is_refused(month, how):
    books = Books(month, month.ref(f"{XMLID}.company_bar"))
    _name, content, first, last = books.fec()
    lines = content.decode().split("\r\n")
    broken = "\r\n".join(BROKEN[how](lines)).encode()
    assert fec.faults(broken, None, first, last), how


# -- the trial balance -----------------------------------------------------------------------


def test_w_is_what_cards_hold(books):
    assets = books.env["tibillet.asset"].search(
        [("company_id", "=", books.company.id), ("backed", "=", True)]
    )
    taxed = {row["asset_id"]: row["taxed_minor"] for row in books.control()["assets"]}
    for asset in assets:
        # Of a single-purpose asset its tax was due when it was sold: W is without it.
        owed = -books.balance(asset.liability_account_id) + taxed[asset.id]
        assert owed == books.held(asset) > 0, asset.code
        assert bool(taxed[asset.id]) == (asset.vat_nature == "single")


def test_p_is_mirrored(month):
    """Each due-to has its due-from, to the cent, and the month has made some."""
    companies = {slug: month.ref(f"{XMLID}.company_{slug}") for slug in SLUGS}
    everybody = {company.partner_id: Books(month, company) for company in companies.values()}
    owed = 0
    for books in everybody.values():
        for partner, account in books.role("due_to").items():
            if partner not in everybody:  # the food truck keeps its own books, and was paid
                assert books.balance(account) == 0, partner.name
                continue
            other = everybody[partner]
            mirror = other.role("due_from")[books.company.partner_id]
            here, there = books.balance(account), other.balance(mirror)
            assert here == -there, (books.company.name, partner.name, here, there)
            owed += abs(here)
    assert owed > 0


def test_k_is_what_cups_out_are_worth(books):
    """Sold less brought back, at their rate; each company owns its own."""
    out = books.sum(
        """SELECT round(sum(l.price_subtotal_incl) * 100) FROM pos_order_line l
             JOIN pos_order o ON o.id = l.order_id
             JOIN product_product p ON p.id = l.product_id
             JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE o.company_id = %s AND t.tibillet_deposit""",
        books.company.id,
    )
    kept = books.sum(
        "SELECT sum(count * rate_minor) FROM tibillet_deposit_kept"
        " WHERE company_id = %s AND state = 'kept'",
        books.company.id,
    )
    accounts = books.env["account.account"].union(*books.role("deposit").values())
    assert books.balance(accounts) == kept - out
    assert bool(out) == (
        books.company in (books.env.ref(f"{XMLID}.company_{slug}") for slug in rows.CUPS_AT)
    )


def test_h_is_what_cards_owe(books):
    claims = books.env["account.account"].union(*books.role("claim").values())
    owed = books.sum(
        """SELECT sum(a.balance_minor) FROM tibillet_account a
             JOIN tibillet_wallet w ON w.id = a.wallet_id
             JOIN tibillet_asset s ON s.id = a.asset_id
            WHERE s.kind = 'claim' AND s.company_id = %s AND w.kind IN ('person', 'card')""",
        books.company.id,
    )
    assert books.balance(claims) == owed


def test_clearing_waits_for_nothing(books):
    control = books.env["tibillet.books"]._control(books.company)
    assert control["ok"], control
    assert books.balance(books.clearing) == 0
    assert not books.env["tibillet.books"]._control_reasons(books.company)


def test_turnover_is_what_was_sold(books):
    """Goods less gifts, with tax; of top-ups, refunds and cups nothing. What a single-purpose
    token buys is turnover without its tax, which was due when the token was sold."""
    sold = books.sum(
        """SELECT round(sum(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0)
                            + COALESCE(l.tibillet_taxed_net, 0)) * 100)
             FROM pos_order_line l JOIN pos_order o ON o.id = l.order_id
             JOIN pos_session s ON s.id = o.session_id AND s.tibillet_merchant_id IS NULL
             JOIN product_product p ON p.id = l.product_id
             JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE o.company_id = %s AND t.tibillet_deposit IS NOT TRUE
              AND t.tibillet_topup_tax_id IS NULL
              AND p.id <> (SELECT tibillet_topup_product_id FROM res_company WHERE id = %s)""",
        books.company.id,
        books.company.id,
    )
    of_tokens = books.sum(
        """SELECT round(sum(l.price_subtotal_incl - l.price_subtotal) * 100)
             FROM pos_order_line l JOIN pos_order o ON o.id = l.order_id
             JOIN product_product p ON p.id = l.product_id
             JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE o.company_id = %s AND t.tibillet_topup_tax_id IS NOT NULL""",
        books.company.id,
    )
    income, tax = (
        books.sum(
            f"""SELECT round(-sum(l.balance) * 100) FROM account_move_line l
                  JOIN pos_session s ON s.move_id = l.move_id
                  JOIN account_account a ON a.id = l.account_id
                 WHERE l.company_id = %s AND l.parent_state = 'posted' AND {what}""",
            books.company.id,
        )
        for what in ("a.account_type = 'income'", "l.tax_line_id IS NOT NULL")
    )
    assert sold > 0 and tax > 0
    assert bool(of_tokens) == (books.company == books.env.ref(f"{XMLID}.company_festival"))
    assert income + tax == sold + of_tokens


def test_gifts_are_discounts_at_home_and_a_debt_elsewhere(month):
    coop, bar = (Books(month, month.ref(f"{XMLID}.company_{slug}")) for slug in ("coop", "bar"))
    given = "SELECT round(sum(tibillet_gift) * 100) FROM pos_order_line l"
    given += " JOIN pos_order o ON o.id = l.order_id WHERE o.company_id = %s"
    assert coop.sum(given, coop.company.id) > 0
    assert bar.sum(given, bar.company.id) == 0
    expense = coop.env["account.account"].union(*coop.role("gift_expense").values())
    taken = coop.sum(
        """SELECT sum(CASE WHEN o.code = 'undo' THEN -t.amount_minor ELSE t.amount_minor END)
             FROM tibillet_transfer t JOIN tibillet_operation o ON o.id = t.operation_id
             JOIN tibillet_asset s ON s.id = t.asset_id
            WHERE s.kind = 'gift' AND s.company_id = %s AND o.code IN ('sale', 'undo')
              AND o.company_id <> s.company_id""",
        coop.company.id,
    )
    assert taken > 0 and coop.balance(expense) == taken


# -- settlement to zero ------------------------------------------------------------------------


def test_settled_to_zero(month):
    """The next morning all three settle in pairs: nobody owes anybody, in ledger and books."""
    from odoo.exceptions import UserError

    settlements = month["tibillet.settlement"]
    companies = month["res.company"].union(*(month.ref(f"{XMLID}.company_{s}") for s in SLUGS))
    month.cr.execute("SAVEPOINT settled")
    try:
        month.cr.execute("SELECT set_config('tibillet.clock_offset', '1 day', true)")
        settled = 0
        for number, one in enumerate(companies):
            for other in companies[number + 1 :]:
                pair = (one | other).sorted("id")
                until_day, due = settlements._usual_days(pair)
                try:
                    made = settlements._propose(*pair, one.currency_id, until_day, due)
                except UserError as refusal:
                    assert "owe each other nothing" in str(refusal), refusal
                    continue
                for slug in SLUGS:
                    if month.ref(f"{XMLID}.company_{slug}") in pair:
                        user = month.ref(f"{XMLID}.user_{slug}_compta")
                        made.with_user(user).action_agree()
                if made.rest_minor:
                    journals = {company: settlements._bank_journal(company) for company in pair}
                    made._pay(made.rest_minor, datetime.date.today(), journals)
                settled += 1
        assert settled
        month["tibillet.books"]._write_pending(companies, include_today=True)
        for company in companies:
            books = Books(month, company)
            for role in ("due_to", "due_from"):
                for account in books.role(role).values():
                    assert books.balance(account) == 0, (company.name, role)
            assert books.env["tibillet.books"]._control(company)["ok"]
    finally:
        month.invalidate_all(flush=False)
        month.cr.execute("ROLLBACK TO SAVEPOINT settled")
