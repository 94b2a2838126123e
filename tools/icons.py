#!/usr/bin/env python3
"""Draws the icons of the addons: ``python tools/icons.py [addon …]``, all of them by default.

One idea for the family: two flat shapes, terracotta and lagoon, that overlap; where they
meet the colour deepens, as two places do when they share a card. Details are paper.
Coordinates are percent of the side; drawing is at four times the size, then reduced.
Writes ``addons/<addon>/static/description/icon.png`` of the addons that are present.
"""

import math
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw

ADDONS = Path(__file__).resolve().parent.parent / "addons"
SIDE = 256
SCALE = 4
FULL = SIDE * SCALE

TERRACOTTA = "#B4412B"
LAGOON = "#1F5F5B"
DEEP = "#3A1F22"
PAPER = "#FFFDF8"


def px(percent):
    """Percent of the side in pixels of the large drawing."""
    return percent * FULL / 100


class Icon:
    """A transparent square on which shapes are laid, each a mask and a colour."""

    def __init__(self):
        self.image = Image.new("RGBA", (FULL, FULL), (0, 0, 0, 0))

    def lay(self, mask, colour):
        """Lays a shape; where something lies already, both deepen."""
        under = self.image.getchannel("A")
        both = ImageChops.multiply(mask, under)
        self.paste(mask, colour)
        self.paste(both, DEEP)

    def paste(self, mask, colour):
        """Covers with a colour, whatever lies below."""
        flat = Image.new("RGBA", (FULL, FULL), (*ImageColor.getrgb(colour), 255))
        self.image = Image.composite(flat, self.image, mask)

    def save(self, path):
        """Writes the icon at its final size."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        small.save(path, optimize=True)


def shape(draw_on, angle=0, centre=(50, 50)):
    """A mask made by ``draw_on(draw)``, turned by ``angle`` degrees about ``centre``."""
    mask = Image.new("L", (FULL, FULL), 0)
    draw_on(ImageDraw.Draw(mask))
    if angle:
        middle = (px(centre[0]), px(centre[1]))
        mask = mask.rotate(angle, Image.Resampling.BICUBIC, center=middle)
    return mask


def slab(left, top, right, bottom, radius, **turn):
    """A rectangle with round corners."""
    box = (px(left), px(top), px(right), px(bottom))
    return shape(lambda draw: draw.rounded_rectangle(box, px(radius), fill=255), **turn)


def disc(x, y, radius, **turn):
    """A full circle."""
    box = (px(x - radius), px(y - radius), px(x + radius), px(y + radius))
    return shape(lambda draw: draw.ellipse(box, fill=255), **turn)


def polygon(points, **turn):
    """A closed shape through points in percent."""
    pixels = [(px(x), px(y)) for x, y in points]
    return shape(lambda draw: draw.polygon(pixels, fill=255), **turn)


def arc(x, y, radius, width, start, end):
    """Part of a ring with round ends, angles in degrees clockwise from three o'clock."""
    box = (px(x - radius), px(y - radius), px(x + radius), px(y + radius))
    middle = radius - width / 2

    def draw_on(draw):
        draw.arc(box, start, end, fill=255, width=round(px(width)))
        for angle in (start, end):
            ex = px(x + middle * math.cos(math.radians(angle)))
            ey = px(y + middle * math.sin(math.radians(angle)))
            half = px(width / 2)
            draw.ellipse((ex - half, ey - half, ex + half, ey + half), fill=255)

    return shape(draw_on)


def join(*masks):
    """The union of shapes."""
    whole = masks[0]
    for mask in masks[1:]:
        whole = ImageChops.lighter(whole, mask)
    return whole


def star(x, y, radius, points=5):
    """A star standing on two points."""
    corners = []
    for step in range(points * 2):
        reach = radius if step % 2 == 0 else radius * 0.44
        angle = math.pi * step / points - math.pi / 2
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return polygon(corners)


def heart(x, y, size):
    """A heart whose middle is at (x, y)."""
    lobe = size * 0.52
    return join(
        disc(x - lobe * 0.88, y - lobe * 0.45, lobe),
        disc(x + lobe * 0.88, y - lobe * 0.45, lobe),
        polygon(
            [
                (x - lobe * 1.72, y - lobe * 0.02),
                (x, y - lobe * 0.75),
                (x + lobe * 1.72, y - lobe * 0.02),
                (x, y + lobe * 1.85),
            ]
        ),
    )


def ticket(angle):
    """A ticket with a bite in each short side."""
    turn = {"angle": angle}
    body = slab(8, 29, 92, 71, 6, **turn)
    for side in (8, 92):
        body = ImageChops.subtract(body, disc(side, 50, 7, **turn))
    return body


def house(left, right, top, eaves, bottom):
    """A gabled house."""
    middle = (left + right) / 2
    return join(
        slab(left, eaves - 2, right, bottom, 5),
        polygon(
            [(left, eaves + 5), (left, eaves), (middle, top), (right, eaves), (right, eaves + 5)]
        ),
    )


def draw_wallet(icon):
    """A card and a coin."""
    icon.lay(slab(7, 19, 87, 71, 8, angle=10), TERRACOTTA)
    icon.paste(slab(7, 30, 87, 39, 0, angle=10), PAPER)
    icon.lay(disc(68, 66, 26), LAGOON)
    icon.paste(arc(70, 66, 14, 4, 50, 310), PAPER)
    icon.paste(join(slab(51, 60.6, 72, 64, 1.7), slab(51, 68, 72, 71.4, 1.7)), PAPER)


def draw_pos_nfc(icon):
    """A card held over a reader, which hears it."""
    icon.lay(slab(22, 44, 78, 94, 9), LAGOON)
    icon.lay(slab(15, 8, 85, 54, 8, angle=-8, centre=(50, 31)), TERRACOTTA)
    for radius in (10, 19, 28):
        icon.paste(arc(50, 84, radius, 4.2, 226, 314), PAPER)
    icon.paste(disc(50, 83, 3.6), PAPER)
    icon.paste(slab(25, 18, 40, 28, 3, angle=-8, centre=(50, 31)), PAPER)


def draw_membership(icon):
    """A member's card and a heart."""
    icon.lay(slab(14, 7, 74, 87, 9), LAGOON)
    icon.paste(disc(44, 31, 11), PAPER)
    shoulders = ImageChops.multiply(disc(44, 66, 21), slab(14, 45, 74, 60, 0))
    icon.paste(shoulders, PAPER)
    icon.lay(heart(67, 70, 31), TERRACOTTA)


def draw_event(icon):
    """Two tickets in one hand."""
    icon.lay(ticket(38), LAGOON)
    icon.lay(ticket(-14), TERRACOTTA)
    icon.paste(star(50, 51, 15), PAPER)


def draw_pos_event(icon):
    """A ticket that comes out of a till."""
    icon.lay(slab(30, 6, 70, 62, 5), TERRACOTTA)
    icon.paste(star(50, 26, 12), PAPER)
    icon.lay(slab(8, 48, 92, 94, 9), LAGOON)
    icon.paste(slab(24, 54, 76, 59, 2.5), PAPER)
    for column in (26, 42, 58, 74):
        icon.paste(disc(column, 77, 5), PAPER)


def draw_federation(icon):
    """Two houses that share a room, and its door."""
    icon.lay(house(6, 64, 10, 38, 82), TERRACOTTA)
    icon.lay(house(38, 94, 22, 48, 92), LAGOON)
    icon.paste(join(slab(45, 63, 57, 82, 0), disc(51, 63, 6)), PAPER)


def draw_agenda(icon):
    """A calendar's page and a pin on the map."""
    icon.lay(slab(10, 16, 82, 86, 9), LAGOON)
    icon.paste(slab(27, 7, 34, 25, 3.5), DEEP)
    icon.paste(slab(58, 7, 65, 25, 3.5), DEEP)
    icon.paste(slab(10, 31, 82, 36, 0), PAPER)
    for row in (47, 60, 73):
        for column in (23, 38, 53, 68):
            icon.paste(disc(column, row, 4), PAPER)
    pin = join(disc(71, 61, 20), polygon([(52.6, 69), (89.4, 69), (71, 96)]))
    icon.lay(pin, TERRACOTTA)
    icon.paste(disc(71, 61, 8), PAPER)


DRAWINGS = {
    "tibillet_wallet": draw_wallet,
    "tibillet_pos_nfc": draw_pos_nfc,
    "tibillet_membership": draw_membership,
    "tibillet_event": draw_event,
    "tibillet_pos_event": draw_pos_event,
    "tibillet_federation": draw_federation,
    "tibillet_agenda": draw_agenda,
}


def main(names):
    """Draws the named addons' icons, or those of every addon that is present."""
    for name in names or DRAWINGS:
        if not (ADDONS / name).is_dir():
            print(f"{name}: no such addon here, nothing drawn")
            continue
        icon = Icon()
        DRAWINGS[name](icon)
        target = ADDONS / name / "static" / "description" / "icon.png"
        icon.save(target)
        print(f"{name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
