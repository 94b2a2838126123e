"""What the wallet prints: A4 pages, black on white, in a font that knows people's names."""

import io

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import escapeOnce
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

from odoo.tools import file_path

FONT = "TibilletNotoSans"
#: Names of people go beyond Latin-1; this one comes with Odoo.
FONT_FILE = "web/static/fonts/sign/NotoSans-Reg.ttf"


def use_font():
    """Make the font known to the printer, once. Before any paragraph is made."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))


def plain(words, style):
    """A paragraph of words as they are: what people and places are called is never markup."""
    return Paragraph(escapeOnce(str(words)).replace("<", "&lt;"), style)


def ruled_table(rows, widths, *style):
    """A table whose headings come again on each page, ruled under them.

    :param widths: of the columns, in millimetres
    :param style: what it has besides, as reportlab's commands
    """
    table = LongTable(rows, colWidths=[width * mm for width in widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                *style,
            ]
        )
    )
    return table


def pages(title, story, page_label):
    """The document's bytes, with the number of each page.

    :param page_label: text before the number of a page
    """

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
    ).build(story, onFirstPage=number, onLaterPages=number)
    return out.getvalue()
