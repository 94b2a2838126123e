"""The QR of a ticket, as vectors: for a page of paper and for a page of the browser."""

import io

from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
#: A fixed mask: choosing the best of eight costs eight drawings. Of all, Odoo's reader in the
#: browser misses the fewest of our texts in this one, also fewer than in the one chosen (ADR 0045).
MASK = 2
#: Rows overlap by a hair, or some viewers show a white line between them.
TALL = 1.02


def rows(text):
    """The code's dark runs, row by row from the top: a list of [(first module, how many), …].

    The text of a ticket is of the QR's dense kind (digits, capitals, a few signs), in one part.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return [_runs(row) for row in code.modules]


def _runs(row):
    found, start = [], None
    for at, dark in enumerate([*row, False]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            found.append((start, at - start))
            start = None
    return found


def draw(canvas, text, x, y, size):
    """Fill the code's modules on the canvas.

    :param x: left of the square, its quiet zone included, in points; ``y`` its bottom
    :param size: side of the square, quiet zone included
    """
    found = rows(text)
    side = len(found) + 2 * QUIET
    unit = size / side
    # Whole numbers in the code's own unit: reportlab would write each rectangle ten times slower.
    parts = [f"q {unit:.5f} 0 0 {unit:.5f} {x:.3f} {y:.3f} cm 0 g"]
    for rank, runs in enumerate(found):
        bottom = side - QUIET - rank - 1
        parts += [f"{QUIET + at} {bottom} {width} {TALL} re" for at, width in runs]
    parts.append("f Q")
    canvas.addLiteral("\n".join(parts))


def png(text, pixels=6):
    """The code as a picture of so many pixels a module, its quiet zone included."""
    found = rows(text)
    side = len(found) + 2 * QUIET
    image = Image.new("1", (side, side), 1)
    for rank, runs in enumerate(found):
        for at, width in runs:
            image.paste(0, (QUIET + at, QUIET + rank, QUIET + at + width, QUIET + rank + 1))
    out = io.BytesIO()
    image.resize((side * pixels, side * pixels)).save(out, "PNG", optimize=True)
    return out.getvalue()


def svg(text, label):
    """The code as an SVG that scales without a blur, black on white with its quiet zone.

    :param label: what it is, for who does not see it; plain text, escaped here
    """
    found = rows(text)
    side = len(found) + 2 * QUIET
    path = "".join(
        f"M{QUIET + at} {QUIET + rank}h{width}v1h-{width}z"
        for rank, runs in enumerate(found)
        for at, width in runs
    )
    said = label.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img"'
        f' aria-label="{said}" shape-rendering="crispEdges"><path fill="#fff"'
        f' d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
