"""The printed list of who is owed what, for the liquidator of an issuer."""

import io

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import escapeOnce
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from odoo.tools import file_path

FONT = "TibilletNotoSans"
#: Names of people go beyond Latin-1; this one comes with Odoo.
FONT_FILE = "web/static/fonts/sign/NotoSans-Reg.ttf"


def claim_list_pdf(title, facts, headings, rows, total, page_label):
    """A4 pages, black on white, with a heading on each.

    :param title: one line
    :param facts: sentences under it
    :param headings: of the columns: number, holder, contact, amount
    :param rows: lists of four texts
    :param total: four texts of the last row
    :param page_label: text before the number of a page
    :return: the document's bytes
    """
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))
    text = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=12)
    right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
    big = ParagraphStyle("big", parent=text, fontSize=15, leading=20, spaceAfter=4)

    def cells(row):
        # What people are called is their own text, never markup.
        return [
            Paragraph(escapeOnce(str(cell)).replace("<", "&lt;"), right if at == 3 else text)
            for at, cell in enumerate(row)
        ]

    table = LongTable(
        [cells(headings), *[cells(row) for row in rows], cells(total)],
        colWidths=[16 * mm, 62 * mm, 62 * mm, 34 * mm],
        repeatRows=1,
    )
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (0, 1), (-1, -2), 0.25, colors.grey),
                ("LINEABOVE", (0, -1), (-1, -1), 1, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )

    def number(canvas, document):
        canvas.setFont(FONT, 8)
        canvas.drawRightString(192 * mm, 10 * mm, f"{page_label} {document.page}")

    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=title,
    ).build(
        [
            Paragraph(escapeOnce(title).replace("<", "&lt;"), big),
            *[Paragraph(escapeOnce(fact).replace("<", "&lt;"), text) for fact in facts],
            Spacer(1, 6 * mm),
            table,
        ],
        onFirstPage=number,
        onLaterPages=number,
    )
    return out.getvalue()
