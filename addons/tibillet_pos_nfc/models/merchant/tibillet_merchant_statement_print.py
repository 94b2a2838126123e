"""A merchant's statement on the screen and as a PDF: the same rows, in the reader's language."""

from markupsafe import Markup
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from odoo import models
from odoo.tools import format_date

from odoo.addons.tibillet_wallet.printed_page import FONT, pages, plain, ruled_table, use_font


class TibilletMerchantStatement(models.Model):
    _inherit = "tibillet.merchant.statement"

    def _money(self, minor):
        return self.currency_id.format(minor / 10**self.currency_id.decimal_places)

    def _title(self):
        return self.env._("Statement %s", self.reference)

    def _facts(self):
        """Who sold, where, which days, by which contract."""
        content, company = self.content, self.company_id
        who = content["merchant"]
        number = f"{who['registry_label']} {who['registry']}".strip()
        town = f"{who['zip']} {who['city']}".strip()
        facts = [
            " · ".join(filter(None, [who["name"], number, who["vat"]])),
            ", ".join(filter(None, [who["street"], town])),
            self.env._(
                "Sold by %(stand)s at %(place)s from %(start)s to %(stop)s, for its own account.",
                stand=who["stand"],
                place=company.name,
                start=format_date(self.env, self.from_day),
                stop=format_date(self.env, self.until_day),
            ),
            self.env._("Sessions: %s.", ", ".join(content["sessions"])),
        ]
        if content["contract"]:
            facts.append(self.env._("Contract %s.", content["contract"]))
        return [fact for fact in facts if fact]

    def _tables(self):
        """``[(headings, rows, widths in mm)]``, the first column left-aligned."""
        content = self.content
        days = [
            [
                f"{format_date(self.env, day['day'])} — "
                + ", ".join(f"{name} {self._money(minor)}" for name, minor in day["means"]),
                self._money(day["sold"]),
                self._money(day["back"]),
                self._money(day["sold"] + day["back"]),
            ]
            for day in content["days"]
        ]
        vat = [
            [
                row["name"] or self.env._("Without VAT"),
                self._money(row["net"]),
                self._money(row["vat"]),
                self._money(row["gross"]),
            ]
            for row in content["vat"]
        ]
        turnover = content["turnover"]
        vat.append(
            [
                self.env._("Sold, with VAT"),
                self._money(turnover["net"]),
                self._money(turnover["vat"]),
                self._money(turnover["gross"]),
            ]
        )
        return [
            (
                [
                    self.env._("Day, paid by"),
                    self.env._("Sales"),
                    self.env._("Given back"),
                    self.env._("Total"),
                ],
                days,
                (96, 26, 26, 26),
            ),
            (
                [
                    self.env._("VAT"),
                    self.env._("Without VAT"),
                    self.env._("Tax"),
                    self.env._("With VAT"),
                ],
                vat,
                (96, 26, 26, 26),
            ),
            ([self.env._("What is paid"), ""], self._result_rows(), (134, 40)),
        ]

    def _result_rows(self):
        """From what was sold to what is paid, each step named."""
        content = self.content
        rows = [[self.env._("Sold, with VAT"), self._money(self.gross_minor)]]
        if content["own"]:
            rows.append([self.env._("Taken by the merchant itself"), self._money(-content["own"])])
        other_minor = self.due_minor - self.gross_minor + content["own"]
        if other_minor:
            rows.append([self.env._("Rounding of the tills"), self._money(other_minor)])
        rows.append(
            [
                self.env._("Held by %s for the merchant", self.company_id.name),
                self._money(self.due_minor),
            ]
        )
        rows += [
            [self.env._("of it by card: %s", part["asset"]), self._money(part["value"])]
            for part in content["wallet"]
        ]
        if self.held_minor:
            rows.append([self.env._("of it otherwise"), self._money(self.held_minor)])
        if self.commission_minor:
            rows.append([self._invoice_text(), self._money(-self.commission_minor)])
        return rows

    def _invoice_text(self):
        rate = f"{self.content['rate']:g}"
        name = self.invoice_id.name
        if self.invoice_id.state != "posted" or not name:
            return self.env._("Commission %s %%, with VAT", rate)
        return self.env._(
            "Commission %(rate)s %%, with VAT, invoice %(invoice)s", rate=rate, invoice=name
        )

    def _result(self):
        if self.net_minor < 0:
            return self.env._(
                "%(merchant)s pays %(amount)s to %(place)s.",
                merchant=self.partner_id.name,
                amount=self._money(-self.net_minor),
                place=self.company_id.name,
            )
        return self.env._(
            "%(place)s pays %(amount)s to %(merchant)s.",
            merchant=self.partner_id.name,
            amount=self._money(self.net_minor),
            place=self.company_id.name,
        )

    def _notes(self):
        notes = []
        moved = sum(row["amount"] for row in self.content["moved"])
        if moved:
            notes.append(
                self.env._(
                    "Deposits of the place taken or given back at the stand: %s, no sale of its.",
                    self._money(moved),
                )
            )
        bank = self.merchant_id.bank_id
        if self.net_minor > 0:
            notes.append(
                self.env._("To the account %s.", bank.acc_number)
                if bank
                else self.env._("No account (IBAN) is noted: it is paid once there is one.")
            )
        if self.agreed_on:
            notes.append(
                self.env._(
                    "Agreed for %(merchant)s by %(who)s on %(day)s.",
                    merchant=self.partner_id.name,
                    who=self.agreed_by,
                    day=format_date(self.env, self.agreed_on),
                )
            )
        else:
            notes.append(
                self.env._(
                    "To be agreed. For %(merchant)s, date and signature:",
                    merchant=self.partner_id.name,
                )
            )
        notes += [row._text() for row in self.return_ids]
        if self.paid_on:
            notes.append(self.env._("Paid on %s.", format_date(self.env, self.paid_on)))
        return notes

    def _compute_html(self):
        for statement in self:
            statement_sudo = statement.sudo()  # sessions and invoice, for who reads the statement
            parts = [Markup("<p>%s</p>") % Markup("<br/>").join(statement_sudo._facts())]
            for headings, rows, _widths in statement_sudo._tables():
                parts.append(statement_sudo._html_table(headings, rows))
            parts.append(Markup("<p class='fs-2 fw-bold'>%s</p>") % statement_sudo._result())
            parts.append(Markup("<p>%s</p>") % Markup("<br/>").join(statement_sudo._notes()))
            statement.html = Markup("").join(parts)

    def _html_table(self, headings, rows):
        def cells(tag, row):
            return Markup("").join(
                Markup("<%s class='%s'>%s</%s>")
                % (Markup(tag), "text-end text-nowrap" if at else "", cell, Markup(tag))
                for at, cell in enumerate(row)
            )

        return Markup(
            "<div class='table-responsive'><table class='table table-sm'>"
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (
            cells("th", headings),
            Markup("").join(Markup("<tr>%s</tr>") % cells("td", row) for row in rows),
        )

    def _pdf(self):
        """The document's bytes. Who may have it is checked by the caller."""
        self.ensure_one()
        use_font()
        text = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=13)
        right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
        head = ParagraphStyle("head", parent=text, fontSize=15, leading=20, spaceAfter=4)
        big = ParagraphStyle("big", parent=text, fontSize=13, leading=18)
        story = [plain(self._title(), head), *[plain(fact, text) for fact in self._facts()]]
        for headings, rows, widths in self._tables():
            story += [
                Spacer(1, 6 * mm),
                ruled_table(
                    [
                        [plain(cell, right if at else text) for at, cell in enumerate(row)]
                        for row in (headings, *rows)
                    ],
                    widths,
                    ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.grey),
                    ("LEFTPADDING", (0, 0), (-1, -1), 2),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ),
            ]
        story += [Spacer(1, 6 * mm), plain(self._result(), big), Spacer(1, 4 * mm)]
        story += [plain(note, text) for note in self._notes()]
        return pages(self._title(), story, self.env._("Page"))
