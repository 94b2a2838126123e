"""A few screen-print inks and shapes, put together as SVG text.

The pictures made from them are part of this programme (AGPL-3.0-or-later) and are also offered
under CC0 1.0: print them, change them, no name needed.
"""

import math

PAPER, INK, SAND = "#FFFDF8", "#1B1B1F", "#F4EFE6"
RUST, RUST_DARK, SUN, PEACH = "#B4412B", "#7E2C1D", "#E9A23B", "#F0C9A0"
LAGOON, LAGOON_DARK, FOAM = "#1F5F5B", "#123C39", "#BFD9D2"
PLUM, PLUM_DARK, LILAC = "#5B2A86", "#2B1542", "#C9B3DF"
NIGHT = "#1A1F3A"
CREDIT = "TiBillet for Odoo contributors; AGPL-3.0-or-later or CC0-1.0"


def svg(width, height, *body):
    """Return a whole picture with its defs and its licence."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="xMidYMid slice"'
        f' width="{width}" height="{height}"><metadata>{CREDIT}</metadata>'
        '<defs><pattern id="d" width="14" height="14" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(35)"><circle cx="7" cy="7" r="2.6" fill="#1B1B1F"/></pattern>'
        '<pattern id="l" width="16" height="16" patternUnits="userSpaceOnUse">'
        '<circle cx="8" cy="8" r="3" fill="#FFFDF8"/></pattern></defs>' + "".join(body) + "</svg>"
    )


def rect(x, y, width, height, fill, radius=0, extra=""):
    """Return a rectangle."""
    rounded = f' rx="{radius}"' if radius else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{rounded} fill="{fill}" {extra}/>'
    )


def disc(x, y, radius, fill, extra=""):
    """Return a disc."""
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" {extra}/>'


def path(data, fill="none", extra=""):
    """Return a filled path."""
    return f'<path d="{data}" fill="{fill}" {extra}/>'


def line(data, stroke, width=8, extra=""):
    """Return a stroked path with round ends."""
    return (
        f'<path d="{data}" fill="none" stroke="{stroke}" stroke-width="{width}"'
        f' stroke-linecap="round" stroke-linejoin="round" {extra}/>'
    )


def group(body, extra=""):
    """Return a group."""
    return f"<g {extra}>{body}</g>"


def moved(x, y, body, scale=1.0, turn=0):
    """Return ``body`` drawn elsewhere, larger or turned."""
    return group(body, f'transform="translate({x} {y}) rotate({turn}) scale({scale})"')


def dots(shape, opacity=0.16):
    """Return the halftone of a shape: the same shape, filled with dots of ink."""
    return group(shape.replace("FILL", "url(#d)"), f'opacity="{opacity}"')


def wave(y, width, height, fill, length=120, rise=16, shift=0):
    """Return a band of sea from ``y`` down to ``height``."""
    data = f"M{-length + shift} {y}"
    for step in range(int(width / length) + 3):
        data += f"q{length / 4} {-rise if step % 2 else rise} {length / 2} 0t{length / 2} 0"
    return path(f"{data}V{height}H{-length}Z", fill)


def rays(x, y, inner, outer, count, fill, turn=0.0):
    """Return sun rays as thin triangles."""
    data = ""
    for index in range(count):
        angle = turn + 2 * math.pi * index / count
        half = math.pi / count / 2.2
        points = [
            (x + inner * math.cos(angle - half / 3), y + inner * math.sin(angle - half / 3)),
            (x + outer * math.cos(angle - half), y + outer * math.sin(angle - half)),
            (x + outer * math.cos(angle + half), y + outer * math.sin(angle + half)),
            (x + inner * math.cos(angle + half / 3), y + inner * math.sin(angle + half / 3)),
        ]
        data += "M" + "L".join(f"{px:.0f} {py:.0f}" for px, py in points) + "Z"
    return path(data, fill)


def gull(x, y, scale=1.0, fill=PAPER, turn=0):
    """Return a gull seen from far."""
    return moved(
        x,
        y,
        path(
            "M-80-10C-55-48-22-40 0-6 22-40 55-48 80-10 52-28 26-20 4 16 2 20-2 20-4 "
            "16-26-20-52-28-80-10Z",
            fill,
        ),
        scale,
        turn,
    )


def stars(width, height, count, seed=7):
    """Return small stars over the upper part of a night."""
    out = ""
    for index in range(count):
        x = (index * 197 + seed * 31) % width
        y = (index * 89 + seed * 17) % height
        out += disc(x, y, 1.5 + (index * 7 % 3), PAPER, 'opacity=".8"')
    return out


def bulbs(x1, y1, x2, y2, sag, count, colours=(SUN, PAPER)):
    """Return a string of lights hung between two points."""
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2 + sag
    out = line(f"M{x1} {y1}Q{middle_x} {middle_y} {x2} {y2}", INK, 3)
    for index in range(1, count + 1):
        t = index / (count + 1)
        x = (1 - t) ** 2 * x1 + 2 * t * (1 - t) * middle_x + t * t * x2
        y = (1 - t) ** 2 * y1 + 2 * t * (1 - t) * middle_y + t * t * y2
        out += disc(round(x), round(y) + 9, 9, colours[index % len(colours)])
    return out
