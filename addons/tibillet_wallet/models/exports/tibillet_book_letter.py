"""One page for the outside accountant: what is where in this company's books."""

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...printed_page import FONT, pages, plain, ruled_table, use_font

#: So many accounts leave room on one page for the rest.
MOST_ACCOUNTS = 14
#: Of the number and name, and of what it is for, in millimetres.
WIDTHS = (62, 112)


class TibilletBookLetter(models.AbstractModel):
    _name = "tibillet.book.letter"
    _description = "Letter to the outside accountant"

    @api.model
    def _pdf(self, company):
        """The letter in the language of the environment.

        :return: the document's bytes
        :raises AccessError: for anybody who does not read this company's books
        """
        self.env["tibillet.daily.totals"]._check_may(company)
        letter_sudo = self.sudo()  # its accounts and last control, after the check above
        company = company.with_env(letter_sudo.env)
        use_font()
        text = ParagraphStyle("text", fontName=FONT, fontSize=8.5, leading=11.5, spaceAfter=3)
        cell = ParagraphStyle("cell", parent=text, fontSize=7.5, leading=9.5, spaceAfter=0)
        head = ParagraphStyle("head", parent=text, fontSize=15, leading=20, spaceAfter=4)
        part = ParagraphStyle("part", parent=text, fontSize=10.5, leading=14, spaceBefore=5)
        title = letter_sudo.env._("The wallets in the books of %s", company.name)
        rows, more = letter_sudo._accounts(company)
        story = [plain(title, head), *[plain(one, text) for one in letter_sudo._facts(company)]]
        for name, sentences in letter_sudo._parts(company):
            story += [plain(name, part), *[plain(one, text) for one in sentences]]
        story += [
            plain(letter_sudo.env._("Accounts"), part),
            ruled_table(
                [
                    [
                        plain(letter_sudo.env._("Account"), cell),
                        plain(letter_sudo.env._("What it is for"), cell),
                    ],
                    *[[plain(one, cell) for one in row] for row in rows],
                ],
                WIDTHS,
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.grey),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ),
        ]
        if more:
            story += [Spacer(1, 2 * mm), plain(more, text)]
        return pages(title, story, letter_sudo.env._("Page"))

    @api.model
    def _accounts(self, company):
        """The accounts that exist, as rows of two texts, and a sentence on those left out."""
        roles = self.env["tibillet.book.role"].search(
            [("company_id", "=", company.id), ("account_id", "!=", False)]
        )
        rows = [[role.account_label, role.purpose] for role in roles[:MOST_ACCOUNTS]]
        left = len(roles) - len(rows)
        more = left and self.env._(
            "%s more are listed under TiBillet, Books, Accounts: one for each further asset or "
            "place.",
            left,
        )
        return rows, more

    @api.model
    def _facts(self, company):
        control = self.env["tibillet.control"].search([("company_id", "=", company.id)], limit=1)
        states = dict(control._fields["state"]._description_selection(self.env))
        facts = [self.env._("Printed on %s.", format_date(self.env, fields.Date.today()))]
        if control:
            facts.append(
                self.env._(
                    "Last control, %(day)s: %(state)s; not explained: %(rest)s.",
                    day=format_date(self.env, control.day),
                    state=states[control.state],
                    rest=format_amount(self.env, control.rest, company.currency_id),
                )
            )
        return facts

    @api.model
    def _parts(self, company):
        """(heading, sentences) of the letter, above the table."""
        journal = company.tibillet_journal_id
        clearing = company.tibillet_clearing_account_id._tibillet_names(company)
        return [
            (
                self.env._("How entries arise"),
                [
                    self.env._(
                        "What people load on cards is a debt of the issuer, not turnover. Till "
                        "closings, payments and top-ups touch one account only: %(clearing)s. "
                        "Every morning the wallet's ledger writes one balanced entry per business"
                        " day in the journal %(journal)s; it brings that account back to zero and"
                        " moves the debt. Nobody writes on the accounts of the debt by hand; from"
                        " each line one opens the operations behind it.",
                        clearing=clearing,
                        journal=f"{journal.code} {journal.name}",
                    ),
                    self.env._(
                        "VAT is due when a card is spent, with the sale in the till's closing. A "
                        "gift spent where it was given is a discount. An asset that buys goods of"
                        " one rate only may be single-purpose: its tax is then due at the top-up."
                    ),
                ],
            ),
            (
                self.env._("What the control says"),
                [
                    self.env._(
                        "TiBillet, Books, Control: every morning each of these accounts stands "
                        "beside the wallets. The figure is what nothing explains, and it is 0.00."
                        " Clearing may hold what waits for a session or a payment, each named."
                    )
                ],
            ),
            (
                self.env._("Where to find what"),
                [
                    self.env._(
                        "FEC: Invoicing, Reporting (French chart). Closings of the tills (Z): "
                        "Point of Sale, numbered and sealed, as PDF, CSV and XLSX. Sales to "
                        "consumers per day and rate: TiBillet, Books, Daily sales. Settlements "
                        "between places and their statements, meters of the law: TiBillet, Books."
                        " The whole ledger as a file that is checked without Odoo: ask the "
                        "administrator."
                    ),
                    self.env._(
                        "Your access reads all of this and changes nothing. Another account for a"
                        " role is chosen by the company's accountant under TiBillet, Books, "
                        "Accounts."
                    ),
                ],
            ),
        ]
