"""Tickets drawn on paper by reportlab (ADR 0045): A4, A6 and 80 mm roll, one layout for all.

What tickets of a rate have in common is drawn once in a document and referred to by each page;
a page of its own holds the number, the price, the name, the sale and the QR.
"""

import io
from contextlib import contextmanager
from typing import NamedTuple

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import lettering, qr
from .lettering import BOLD, PLAIN
from .sheet import A4, A6, ROLL, WORDS

LEADING = 1.22
GAP = 1.6 * mm
TERMS = 6  # lines of them for which the picture makes room


class Paper(NamedTuple):
    """Sizes in points; ``height`` 0: as long as the ticket is."""

    width: float
    height: float
    margin: float
    picture: float
    logo: float
    title: float
    when: float
    text: float
    small: float
    code: float
    beside: bool  # the facts stand beside the code, else under it
    stub: float
    lines: int  # of the title


PAPERS = {
    A4: Paper(
        210 * mm, 297 * mm, 16 * mm, 72 * mm, 14 * mm, 29, 16, 13, 9, 72 * mm, True, 40 * mm, 3
    ),
    A6: Paper(
        105 * mm, 148 * mm, 7 * mm, 27 * mm, 8 * mm, 15, 9.5, 8, 5.6, 41 * mm, True, 22 * mm, 2
    ),
    ROLL: Paper(80 * mm, 0, 4 * mm, 22 * mm, 9 * mm, 15, 10.5, 9.5, 7, 54 * mm, False, 26 * mm, 3),
}


class Plan(NamedTuple):
    """Where a ticket's own words go, and the name of what it shares."""

    shared: str
    height: float
    code: tuple  # x, y, side
    slots: dict  # name → (x, y, font, size, width)


class Tickets:
    """A document to which tickets are added, one a page.

    :param form: one of :data:`.sheet.FORMS`
    :param pictures: {name: bytes of a JPEG or PNG}, as the sheets name them
    :param title: of the document, ``author`` its organiser, ``lang`` such as ``fr``
    """

    def __init__(self, form, pictures, title, author, lang):
        lettering.use_fonts()
        self._paper = PAPERS[form]
        self._pictures = {
            name: ImageReader(io.BytesIO(data)) for name, data in pictures.items() if data
        }
        self._plans = {}
        self._out = io.BytesIO()
        size = (self._paper.width, self._paper.height or self._paper.width)
        self._canvas = Canvas(self._out, pagesize=size, pageCompression=1, lang=lang)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("TiBillet")

    def add(self, sheet):
        """Draw one ticket on a page of its own."""
        plan = self._plans.get(sheet.face)
        if plan is None:
            plan = self._plans[sheet.face] = _Layout(self, sheet.face).plan()
        canvas = self._canvas
        canvas.setPageSize((self._paper.width, plan.height))
        canvas.doForm(plan.shared)
        qr.draw(canvas, sheet.text, *plan.code)
        for name, (x, y, font, size, width) in plan.slots.items():
            words = getattr(sheet, name.removeprefix("stub_"))
            if words:
                words, size = lettering.fit(words, font, size, width)
                canvas.setFont(font, size)
                canvas.drawString(x, y, words)
        canvas.showPage()

    def data(self):
        """The document's bytes; nothing is added afterwards."""
        with _binary():
            self._canvas.save()
        return self._out.getvalue()


@contextmanager
def _binary():
    """Compressed pages as they are: written as text they cost a third of the time."""
    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        yield
    finally:
        rl_config.useA85 = before


class _Layout:
    """One face on one paper, from the top down; positions first, then it is drawn once."""

    def __init__(self, tickets, face):
        self._tickets, self._face, self._paper = tickets, face, tickets._paper
        self._words = dict(zip(WORDS, face.words, strict=True))
        self._left = self._paper.margin
        self._wide = self._paper.width - 2 * self._paper.margin
        self._static = []  # (draw, arguments), y from the top
        self._slots = {}
        self._y = self._paper.margin

    def plan(self):
        paper = self._paper
        head = self._head()
        if paper.height:
            # The picture has what the rest leaves it.
            free = paper.height - paper.margin - paper.stub - self._y - head - paper.code
            picture = min(paper.picture, free - self._small_print_height() - 4 * GAP)
        else:
            picture = paper.picture
        self._picture(picture)
        self._draw_head()
        code = self._middle()
        end = paper.height - paper.margin - paper.stub - GAP if paper.height else None
        self._small_print(end)
        top = paper.height - paper.margin - paper.stub if paper.height else self._y + GAP
        self._stub(top)
        height = paper.height or top + paper.stub + paper.margin
        x, y, side = code
        return Plan(
            self._record(height),
            height,
            (x, height - y - side, side),
            {name: (x, height - y, *rest) for name, (x, y, *rest) in self._slots.items()},
        )

    # -- blocks ------------------------------------------------------------------------------

    def _head(self):
        """Title, date, place, what a pass opens, wrapped; its height."""
        paper, face = self._paper, self._face
        title, title_size = lettering.block(face.event, BOLD, paper.title, self._wide, paper.lines)
        when, when_size = lettering.block(face.when, BOLD, paper.when, self._wide, 2)
        where = lettering.wrap(face.where, PLAIN, paper.text, self._wide, 2)
        opens = list(face.opens)
        most = 6 if paper.height else 40
        if len(opens) > most:
            opens = [*opens[: most - 1], f"… + {len(opens) - most + 1}"]
        lines = [(one, BOLD, title_size) for one in title]
        lines += [(one, BOLD, when_size) for one in when]
        lines += [(one, PLAIN, paper.text) for one in where]
        for one in opens:
            words, size = lettering.fit(one, PLAIN, paper.text * 0.9, self._wide)
            lines.append((words, PLAIN, size))
        self._head_lines = lines
        return sum(size * LEADING for __, __, size in lines) + 2 * GAP

    def _picture(self, height):
        name = self._face.picture
        if name in self._tickets._pictures and height >= 8 * mm:
            self._image(name, self._left, self._y, self._wide, height, cover=True)
            self._y += height + GAP

    def _draw_head(self):
        for words, font, size in self._head_lines:
            self._line(words, font, size)
        self._y += 2 * GAP

    def _middle(self):
        """The code, and the facts beside or under it; where the code stands, from the top."""
        paper, top = self._paper, self._y
        if paper.beside:
            # Its quiet zone reaches into the margin: the dark begins where the text does.
            quiet = paper.code * 0.07
            code = (self._left - quiet, top - quiet / 2, paper.code)
            x = self._left + paper.code - quiet + 2 * GAP
            self._facts(x, top, self._left + self._wide - x)
            self._y = top + paper.code
        else:
            code = ((paper.width - paper.code) / 2, top - GAP, paper.code)
            self._y = top + paper.code - GAP
            self._facts(self._left, self._y, self._wide)
        self._y += GAP
        return code

    def _facts(self, x, y, width):
        paper, words = self._paper, self._words
        big = paper.text * 1.5
        rate, rate_size = lettering.block(self._face.rate, BOLD, big, width, 2)
        y = self._label(words["rate"], x, y)
        for line in rate:
            y += rate_size
            self._static.append(("text", x, y, line, BOLD, rate_size))
            y += rate_size * (LEADING - 1)
        y = self._label(words["price"], x, y + GAP)
        y = self._slot("price", x, y, BOLD, big, width)
        y = self._slot("vat", x, y, PLAIN, paper.small * 1.1, width)
        y = self._label(words["number"], x, y + GAP)
        y = self._slot("number", x, y, BOLD, big, width)
        y = self._fixed(words["admits"], x, y, PLAIN, paper.small * 1.1, width)
        y = self._slot("holder", x, y + GAP, BOLD, paper.text * 1.15, width)
        self._y = max(self._y, y)

    def _small_print_height(self):
        """What the small print needs of a page, its terms six lines at most."""
        paper, face = self._paper, self._face
        step = paper.small * LEADING
        facts = (len(face.organiser) + bool(face.licence) + 1) * step
        if face.logo in self._tickets._pictures:
            facts = max(facts, paper.logo + GAP / 2)
        terms = lettering.wrap(face.terms, PLAIN, paper.small, self._wide, TERMS)
        return facts + len(terms) * step + GAP

    def _small_print(self, end):
        """Organiser, licence, sale, terms, with the logo; down to ``end`` where the paper ends."""
        paper, face = self._paper, self._face
        top, x, width = self._y, self._left, self._wide
        if face.logo in self._tickets._pictures:
            self._image(face.logo, x, top + GAP / 2, paper.logo * 1.6, paper.logo, cover=False)
            x += paper.logo * 1.6 + GAP
            width -= paper.logo * 1.6 + GAP
        y = top
        for rank, line in enumerate([*face.organiser, face.licence]):
            if line:
                font = PLAIN if rank else BOLD
                y = self._fixed(line, x, y, font, paper.small, width)
        y = self._slot("sold", x, y, PLAIN, paper.small, width)
        if face.logo in self._tickets._pictures:
            y = max(y, top + paper.logo + GAP / 2)
        y += GAP / 2
        step = paper.small * LEADING
        most = int((end - y) / step) if end else 60
        for line in lettering.wrap(face.terms, PLAIN, paper.small, self._wide, max(most, 0)):
            y = self._fixed(line, self._left, y, PLAIN, paper.small, self._wide)
        self._y = y

    def _stub(self, top):
        """The part that is torn off and kept: its own number, rate, price, show, date."""
        paper, face, words = self._paper, self._face, self._words
        self._static.append(("cut", 0, top, paper.width))
        y = self._fixed(
            words["stub"], self._left, top + 0.6 * mm, PLAIN, paper.small * 0.9, self._wide
        )
        y += GAP / 2
        third = self._wide * 0.36
        wide = self._wide - third - 2 * GAP
        x = self._left + wide + 2 * GAP
        left = self._fixed(face.event, self._left, y, BOLD, paper.text, wide)
        left = self._fixed(face.when, self._left, left, PLAIN, paper.text * 0.85, wide)
        for line in (*face.organiser[:1], face.licence):
            if line:
                left = self._fixed(line, self._left, left, PLAIN, paper.small, wide)
        right = self._slot("stub_number", x, y, BOLD, paper.text, third)
        right = self._fixed(face.rate, x, right, PLAIN, paper.text * 0.85, third)
        right = self._slot("stub_price", x, right, BOLD, paper.text, third)
        self._slot("stub_vat", x, right, PLAIN, paper.small, third)

    # -- words -------------------------------------------------------------------------------

    def _line(self, words, font, size):
        self._y += size
        self._static.append(("text", self._left, self._y, words, font, size))
        self._y += size * (LEADING - 1)

    def _label(self, words, x, y):
        return self._fixed(words, x, y, PLAIN, self._paper.small, self._wide)

    def _fixed(self, words, x, y, font, size, width):
        words, size = lettering.fit(words, font, size, width)
        self._static.append(("text", x, y + size, words, font, size))
        return y + size * LEADING

    def _slot(self, name, x, y, font, size, width):
        self._slots[name] = (x, y + size, font, size, width)
        return y + size * LEADING

    def _image(self, name, x, y, width, height, cover):
        self._static.append(("image", x, y, name, width, height, cover))

    # -- recording ---------------------------------------------------------------------------

    def _record(self, height):
        """Draw what is shared, once; its name in the document."""
        canvas, name = self._tickets._canvas, f"face{len(self._tickets._plans)}"
        canvas.beginForm(name, 0, 0, self._paper.width, height)
        for kind, x, y, *rest in self._static:
            if kind == "text":
                words, font, size = rest
                canvas.setFont(font, size)
                canvas.drawString(x, height - y, words)
            elif kind == "cut":
                canvas.setDash(3, 3)
                canvas.setLineWidth(0.6)
                canvas.line(x, height - y, x + rest[0], height - y)
                canvas.setDash()
            else:
                self._draw_image(x, height - y, *rest)
        canvas.endForm()
        return name

    def _draw_image(self, x, top, name, width, height, cover):
        canvas, image = self._tickets._canvas, self._tickets._pictures[name]
        own_width, own_height = image.getSize()
        scales = (width / own_width, height / own_height)
        scale = max(scales) if cover else min(scales)
        wide, tall = own_width * scale, own_height * scale
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(x, top - height, width, height)
        canvas.clipPath(frame, stroke=0)
        left = x + (width - wide) / 2 if cover else x
        canvas.drawImage(image, left, top - height / 2 - tall / 2, wide, tall, mask="auto")
        canvas.restoreState()
