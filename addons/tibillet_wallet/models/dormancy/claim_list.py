"""The printed list of who is owed what, for the liquidator of an issuer."""

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from ...printed_page import FONT, pages, plain, ruled_table, use_font


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
    use_font()
    text = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=12)
    right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
    big = ParagraphStyle("big", parent=text, fontSize=15, leading=20, spaceAfter=4)

    def cells(row):
        return [plain(cell, right if at == 3 else text) for at, cell in enumerate(row)]

    table = ruled_table(
        [cells(headings), *[cells(row) for row in rows], cells(total)],
        (16, 62, 62, 34),
        ("LINEBELOW", (0, 1), (-1, -2), 0.25, colors.grey),
        ("LINEABOVE", (0, -1), (-1, -1), 1, colors.black),
    )
    story = [plain(title, big), *[plain(fact, text) for fact in facts], Spacer(1, 6 * mm), table]
    return pages(title, story, page_label)
