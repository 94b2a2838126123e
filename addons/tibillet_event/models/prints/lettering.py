"""Fonts of printed tickets, and words that stay within their width."""

import unicodedata
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from odoo.tools import file_path

PLAIN, BOLD = "TibilletTicket", "TibilletTicketBold"
#: Latin, Greek, Cyrillic and Vietnamese; they come with Odoo.
FILES = {
    PLAIN: "web/static/fonts/google/Roboto/Roboto-Regular.ttf",
    BOLD: "web/static/fonts/google/Roboto/Roboto-Bold.ttf",
}
LEAST = 0.7  # of its size: no smaller, then it is cut
CUT = "…"


def use_fonts():
    """Make the fonts known to the printer, once."""
    for name, path in FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file_path(path)))


@lru_cache(maxsize=4096)
def clean(words):
    """One line of what the font can draw: pictograms and control signs are left out."""
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    line = " ".join(words.split())
    kept = (
        char
        for char in line
        if ord(char) in known or unicodedata.category(char)[0] not in ("C", "S", "M")
    )
    return " ".join("".join(kept).split(" "))


@lru_cache(maxsize=4096)
def fit(words, font, size, width):
    """The words on one line, as they are, smaller, or cut: ``(text, size)``."""
    words = clean(words)
    wide = stringWidth(words, font, size)
    if wide <= width:
        return words, size
    smaller = max(size * width / wide, size * LEAST)
    if stringWidth(words, font, smaller) <= width * 1.001:
        return words, smaller
    return _cut(words, font, smaller, width), smaller


def _cut(words, font, size, width):
    while words and stringWidth(words + CUT, font, size) > width:
        words = words[:-1]
    return words.rstrip(" ,·") + CUT


def wrap(text, font, size, width, most):
    """The text in at most so many lines; what is over is cut, and one sees that it is."""
    found = []
    for paragraph in text.splitlines():
        line = ""
        for word in clean(paragraph).split(" "):
            joined = f"{line} {word}".strip()
            if stringWidth(joined, font, size) <= width:
                line = joined
                continue
            if line:
                found.append(line)
            while stringWidth(word, font, size) > width:
                part = len(word)
                while part > 1 and stringWidth(word[:part], font, size) > width:
                    part -= 1
                found.append(word[:part])
                word = word[part:]
            line = word
        if line:
            found.append(line)
    if len(found) > most:
        found = found[:most]
        if found:
            found[-1] = _cut(found[-1] + " ", font, size, width)
    return found


def block(text, font, size, width, most):
    """As :func:`wrap`, smaller where that keeps everything: ``(lines, size)``."""
    for share in (1, 0.85, LEAST):
        lines = wrap(text, font, size * share, width, most)
        if not lines or not lines[-1].endswith(CUT) or text.rstrip().endswith(CUT):
            return lines, size * share
    return lines, size * LEAST
