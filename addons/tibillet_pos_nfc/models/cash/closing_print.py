"""The Z on paper, as a table of cells for a spreadsheet, and on the screen."""

import csv
import io

import xlsxwriter
from markupsafe import Markup
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import escapeOnce
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from odoo import api, models
from odoo.tools import file_path, format_date, formatLang

from .closing_page import Money, Units

FONT = "TibilletNotoSans"
FONT_FILE = "web/static/fonts/sign/NotoSans-Reg.ttf"
WIDTH = 174 * mm
# The font that Odoo brings has no minus sign: without this a formula loses its minus on paper.
PRINTED = str.maketrans({"\N{MINUS SIGN}": "\N{EN DASH}"})


class TibilletClosingPage(models.AbstractModel):
    _inherit = "tibillet.closing.page"

    # -- cells -------------------------------------------------------------------------

    @api.model
    def _value(self, cell, content):
        """A cell as a number where it is one, in whole units, for a spreadsheet."""
        if isinstance(cell, Money):
            return cell.minor / 10 ** content["currency"]["decimals"]
        if isinstance(cell, Units):
            return cell.minor / 10**cell.scale
        return cell

    @api.model
    def _text(self, cell, content):
        """A cell as it is read."""
        if isinstance(cell, Money):
            currency = content["currency"]
            amount = formatLang(self.env, self._value(cell, content), digits=currency["decimals"])
            if currency["position"] == "before":
                return f"{currency['symbol']}{amount}"
            return f"{amount} {currency['symbol']}"
        if isinstance(cell, Units):
            return (
                f"{formatLang(self.env, self._value(cell, content), digits=cell.scale)} {cell.unit}"
            )
        if isinstance(cell, float):
            return f"{cell:g}" if cell == int(cell) else formatLang(self.env, cell, digits=2)
        return str(cell)

    @api.model
    def _is_number(self, cell):
        return isinstance(cell, int | float | Money | Units) and not isinstance(cell, bool)

    # -- screen ------------------------------------------------------------------------

    @api.model
    def _html(self, content):
        out = [Markup("<div class='tibillet-z'>")]
        out += [Markup("<p class='text-muted'>%s</p>") % fact for fact in self._facts(content)]
        for section in self._sections(content):
            out.append(Markup("<h3>%s</h3>") % section.title)
            out.append(Markup("<div class='table-responsive'><table class='table table-sm'>"))
            if section.head:
                cells = Markup().join(
                    Markup("<th scope='col' class='%s'>%s</th>")
                    % ("text-end" if self._is_number(section.rows[0][at]) else "", title)
                    for at, title in enumerate(section.head)
                )
                out.append(Markup("<thead><tr>%s</tr></thead>") % cells)
            for row in section.rows:
                cells = Markup().join(
                    Markup("<td class='%s'>%s</td>")
                    % ("text-end" if self._is_number(cell) else "", self._text(cell, content))
                    for cell in row
                )
                out.append(Markup("<tr>%s</tr>") % cells)
            out.append(Markup("</table></div>"))
            if section.formula:
                out.append(Markup("<p class='text-muted small'>%s</p>") % section.formula)
        out.append(Markup("</div>"))
        return Markup().join(out)

    # -- spreadsheet -------------------------------------------------------------------

    @api.model
    def _csv(self, content):
        """Section; cells…: one line per row, numbers with a point, UTF-8 with its mark."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([self._title(content)])
        for fact in self._facts(content):
            writer.writerow([self._inert(fact)])
        for section in self._sections(content):
            if section.head:
                writer.writerow([section.title, *section.head])
            for row in section.rows:
                writer.writerow(
                    [section.title, *(self._inert(self._value(cell, content)) for cell in row)]
                )
        return ("\ufeff" + out.getvalue()).encode()

    @api.model
    def _inert(self, value):
        """A name that begins like a formula stays a name in a spreadsheet."""
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
            return f"'{value}"
        return value

    @api.model
    def _xlsx(self, content):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet("Z" if content["number"] else "X")
        bold, soft = book.add_format({"bold": True}), book.add_format({"italic": True})
        money = book.add_format({"num_format": "#,##0." + "0" * content["currency"]["decimals"]})
        if not content["currency"]["decimals"]:
            money = book.add_format({"num_format": "#,##0"})
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 8, 16)
        line = 0
        for text, style in (
            (self._title(content), bold),
            *((f, None) for f in self._facts(content)),
        ):
            sheet.write_string(line, 0, text, style)
            line += 1
        for section in self._sections(content):
            line += 1
            sheet.write_string(line, 0, section.title, bold)
            for at, title in enumerate(section.head):
                sheet.write_string(line + 1, at, title, soft)
            line += 1 + bool(section.head)
            for row in section.rows:
                for at, cell in enumerate(row):
                    style = money if isinstance(cell, Money) else None
                    sheet.write(line, at, self._value(cell, content), style)
                line += 1
            if section.formula:
                sheet.write_string(line, 0, section.formula, soft)
                line += 1
        book.close()
        return out.getvalue()

    # -- paper -------------------------------------------------------------------------

    @api.model
    def _pdf(self, content, seal=""):
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))
        text = ParagraphStyle("text", fontName=FONT, fontSize=8.5, leading=11)
        right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
        small = ParagraphStyle("small", parent=text, fontSize=7, leading=9, textColor="#444444")
        big = ParagraphStyle("big", parent=text, fontSize=16, leading=21, spaceAfter=4)
        head = ParagraphStyle("head", parent=text, fontSize=11, leading=15, spaceBefore=9)

        def paragraph(words, style):
            return Paragraph(self._printed(words), style)

        story = [paragraph(self._title(content), big)]
        story += [paragraph(fact, text) for fact in self._facts(content)]
        for section in self._sections(content):
            story += [paragraph(section.title, head)]
            rows = [
                [
                    paragraph(self._text(cell, content), right if self._is_number(cell) else text)
                    for cell in row
                ]
                for row in section.rows
            ]
            if section.head:
                rows.insert(
                    0,
                    [
                        paragraph(
                            title,
                            right
                            if any(self._is_number(row[at]) for row in section.rows)
                            else text,
                        )
                        for at, title in enumerate(section.head)
                    ],
                )
            story.append(self._grid(rows, bool(section.head)))
            if section.formula:
                story.append(paragraph(section.formula, small))
        if seal:
            story += [Spacer(1, 5 * mm), paragraph(self.env._("Seal: %s", seal), small)]
        return self._document(story, self._title(content))

    @api.model
    def _printed(self, words):
        """What people are called is their own text, never markup; each sign has its shape."""
        return escapeOnce(str(words)).replace("<", "&lt;").translate(PRINTED)

    @api.model
    def _grid(self, rows, has_head):
        columns = len(rows[0])
        first = WIDTH * (
            0.62 if columns <= 2 else 0.3 if columns < 6 else 0.2 if columns < 8 else 0.15
        )
        table = LongTable(
            rows,
            colWidths=[first, *([(WIDTH - first) / (columns - 1)] * (columns - 1))],
            repeatRows=int(has_head),
            hAlign="LEFT",
        )
        style = [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
        if has_head:
            style.append(("LINEBELOW", (0, 0), (-1, 0), 1, colors.black))
        table.setStyle(TableStyle(style))
        return table

    @api.model
    def _document(self, story, title):
        out = io.BytesIO()

        def number(canvas, document):
            canvas.setFont(FONT, 7)
            canvas.drawString(18 * mm, 10 * mm, title)
            canvas.drawRightString(192 * mm, 10 * mm, str(document.page))

        SimpleDocTemplate(
            out,
            pagesize=A4,
            leftMargin=18 * mm,
            rightMargin=18 * mm,
            topMargin=15 * mm,
            bottomMargin=17 * mm,
            title=title,
        ).build(story, onFirstPage=number, onLaterPages=number)
        return out.getvalue()

    @api.model
    def _remittance_pdf(self, remittance):
        """The slip that goes to the bank with the bags: bags, total, names, room to sign."""
        currency = remittance.currency_id
        content = {
            "currency": {
                "decimals": currency.decimal_places,
                "symbol": currency.symbol,
                "position": currency.position,
            }
        }
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))
        text = ParagraphStyle("text", fontName=FONT, fontSize=10, leading=14)
        right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
        big = ParagraphStyle("big", parent=text, fontSize=17, leading=24, spaceAfter=4)

        def paragraph(words, style=text):
            return Paragraph(self._printed(words), style)

        def money(amount):
            minor = self.env["tibillet.till"]._to_minor(amount, currency)
            return self._text(Money(minor), content)

        title = self.env._("Remittance of cash")
        if remittance.state == "done":
            title = self.env._("Remittance of cash No. %s", remittance.name)
        story = [
            paragraph(title, big),
            paragraph(remittance.company_id.name),
            paragraph(
                self.env._(
                    "Taken on %(day)s by %(person)s",
                    day=format_date(self.env, remittance.remitted_on),
                    person=remittance.person,
                )
            ),
            paragraph(self.env._("Bank: %s", remittance.bank or "…")),
            Spacer(1, 6 * mm),
        ]
        rows = [
            [
                paragraph(self.env._("Bag")),
                paragraph(self.env._("Till")),
                paragraph(self.env._("Put in by")),
                paragraph(self.env._("Seen by")),
                paragraph(self.env._("Amount"), right),
            ]
        ]
        rows += [
            [
                paragraph(drop.bag),
                paragraph(drop.config_id.name),
                paragraph(drop.person),
                paragraph(drop.witness),
                paragraph(money(drop.amount), right),
            ]
            for drop in remittance.drop_ids.sorted("bag")
        ]
        rows.append(
            [paragraph(self.env._("Total")), "", "", "", paragraph(money(remittance.total), right)]
        )
        story += [
            self._grid(rows, True),
            Spacer(1, 14 * mm),
            paragraph(self.env._("Received by the bank (name, date, signature):")),
        ]
        return self._document(story, title)
