"""How a settlement's statement is drawn: A4, black on white."""

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from ...printed_page import FONT, pages, plain, ruled_table, use_font

#: Of the text and the six amounts, in millimetres: 174 between the margins.
WIDTHS = (46, 21, 21, 24, 18, 22, 22)


def statement_pdf(title, facts, headings, rows, result, notes, page_label):
    """A statement with a table of amounts, its result in large figures, and notes.

    :param facts: sentences under the title
    :param headings: seven texts
    :param rows: lists of seven texts, the first one left-aligned
    :param result: who owes whom, in one sentence
    :param notes: sentences under the result: signatures, payments, the account to pay to
    :return: the document's bytes
    """
    use_font()
    text = ParagraphStyle("text", fontName=FONT, fontSize=8.5, leading=12)
    right = ParagraphStyle("right", parent=text, alignment=TA_RIGHT)
    small = ParagraphStyle("small", parent=right, fontSize=7)
    head = ParagraphStyle("head", parent=text, fontSize=15, leading=20, spaceAfter=4)
    big = ParagraphStyle("big", parent=text, fontSize=13, leading=18)
    note = ParagraphStyle("note", parent=text, fontSize=9.5, leading=14)
    table = ruled_table(
        [
            [plain(cell, small if at else text) for at, cell in enumerate(headings)],
            *[[plain(cell, right if at else text) for at, cell in enumerate(row)] for row in rows],
        ],
        WIDTHS,
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.grey),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    )
    story = [
        plain(title, head),
        *[plain(fact, text) for fact in facts],
        Spacer(1, 6 * mm),
        table,
        Spacer(1, 6 * mm),
        plain(result, big),
        Spacer(1, 4 * mm),
        *[plain(one, note) for one in notes],
    ]
    return pages(title, story, page_label)
