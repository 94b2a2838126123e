"""What a printed ticket says, apart from how it is drawn."""

from typing import NamedTuple

A4, A6, ROLL = "a4", "a6", "roll"
FORMS = [(A4, "A4"), (A6, "A6"), (ROLL, "80 mm roll")]


class Face(NamedTuple):
    """What tickets of one rate of one performance have in common; drawn once in a document."""

    lang: str
    event: str
    when: str
    where: str
    opens: tuple  # what a pass opens: “Saturday 28 November, 20:30 · Fest-noz”
    rate: str
    organiser: tuple  # its lines: name, address, numbers
    licence: str
    terms: str
    picture: str  # names a picture of the document
    logo: str
    words: tuple  # of the labels, in the language of the ticket, by :data:`WORDS`


#: Labels, in the order of ``Face.words``.
WORDS = ("number", "rate", "price", "stub", "admits")


class Sheet(NamedTuple):
    """One ticket."""

    face: Face
    text: str  # of the QR
    number: str
    price: str  # with its currency, or “free”
    vat: str
    holder: str  # empty unless the place bears a name
    sold: str  # date and place of the sale
