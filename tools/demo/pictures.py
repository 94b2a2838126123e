"""Small pictures: what is sold, drawn in the same inks as the rest."""

import base64

from .ink import (
    FOAM,
    INK,
    LAGOON,
    LAGOON_DARK,
    LILAC,
    PAPER,
    PEACH,
    PLUM,
    RUST,
    RUST_DARK,
    SAND,
    SUN,
    disc,
    dots,
    line,
    moved,
    path,
    rect,
    svg,
)

BROWN, GLASS, CRUST = "#6B4226", "#E6F1EE", "#D9A25F"


def _glass(drink, foam="", top=58):
    """A straight glass of something."""
    return (
        path("M78 44H178L168 216H88Z", GLASS)
        + path(f"M80 {top + 12}H176L167 210H89Z", drink)
        + foam
        + line("M78 44L88 216H168L178 44", INK, 6)
        + line("M146 90L142 176", PAPER, 7, 'opacity=".7"')
    )


_FOAM = path(
    "M70 62C62 36 92 24 104 36C112 18 142 18 150 36C166 22 194 38 184 64C180 80 164 72 158 "
    "78C150 90 138 84"
    " 132 76C124 96 108 90 106 76C92 86 74 78 70 62Z",
    PAPER,
)


def _pint(beer):
    return _glass(beer, _FOAM) + dots('<path d="M80 80H176L167 210H89Z" fill="FILL"/>', 0.1)


def _cup(drink, cup=PAPER):
    return (
        path("M60 96H180V150C180 190 150 204 120 204S60 190 60 150Z", cup)
        + path("M70 104H170V122H70Z", drink)
        + line("M60 96H180V150C180 190 150 204 120 204S60 190 60 150Z", INK, 6)
        + line("M180 112C216 108 216 158 178 158", INK, 8)
        + line("M46 218H194", INK, 8)
        + line("M96 76C88 60 104 56 96 38M126 76C118 60 134 56 126 38", RUST, 6)
    )


def _wine(drink):
    return (
        path("M84 40H172C180 104 164 136 128 136S76 104 84 40Z", GLASS)
        + path("M82 78H174C174 116 158 132 128 132S82 116 82 78Z", drink)
        + line("M84 40H172C180 104 164 136 128 136S76 104 84 40ZM128 136V210M92 214H164", INK, 6)
    )


def _bottle(body, label):
    return (
        path(
            "M108 30H148V84C148 100 174 108 174 136V210Q174 222 162 222H94Q82 222 82 "
            "210V136C82 108 108 100 108 84Z",
            body,
        )
        + rect(82, 142, 92, 52, label)
        + rect(104, 24, 48, 18, SUN, 4)
        + line("M96 168H160", INK, 5)
    )


def _jar(content, lid=RUST):
    return (
        rect(72, 78, 112, 140, GLASS, 18)
        + rect(78, 100, 100, 112, content, 12)
        + rect(66, 50, 124, 34, lid, 8)
        + rect(94, 130, 68, 48, PAPER, 6)
        + line("M104 146H152M104 162H140", INK, 4)
        + line("M90 110V122", PAPER, 7)
    )


def _bowl(content, rim=RUST):
    return (
        path("M44 120H212C212 180 176 206 128 206S44 180 44 120Z", rim)
        + f'<ellipse cx="128" cy="120" rx="84" ry="26" fill="{PAPER}"/>'
        + f'<ellipse cx="128" cy="120" rx="70" ry="18" fill="{content}"/>'
        + line("M100 84C92 68 108 62 100 44M134 84C126 68 142 62 134 44", LAGOON, 6)
        + disc(110, 118, 6, SUN)
        + disc(140, 124, 7, LAGOON)
    )


DRAWN = {
    "pint": (PEACH, _pint(SUN)),
    "half": (PEACH, moved(32, 44, _pint(SUN), 0.75)),
    "red_pint": (PEACH, _pint("#A9502B")),
    "cider": (
        FOAM,
        path("M48 96H208C206 166 172 200 128 200S50 166 48 96Z", RUST)
        + f'<ellipse cx="128" cy="96" rx="80" ry="24" fill="{SUN}"/>'
        + disc(108, 94, 7, PAPER)
        + disc(140, 102, 5, PAPER)
        + line("M70 140C120 160 150 158 188 138", PAPER, 6)
        + line("M206 112C236 112 232 156 196 154", RUST, 10),
    ),
    "wine": (LILAC, _wine("#7A1F3A")),
    "white": (LILAC, _wine("#EBD58B")),
    "juice": (
        FOAM,
        _glass("#E0A93C")
        + disc(178, 54, 30, RUST)
        + line("M178 30C182 16 194 12 200 14", LAGOON, 6),
    ),
    "cola": (
        FOAM,
        _glass("#4A2418")
        + rect(98, 92, 30, 28, PAPER, 5, 'opacity=".5"')
        + rect(126, 128, 28, 28, PAPER, 5, 'opacity=".5"')
        + line("M150 26L136 96", RUST, 8),
    ),
    "lemonade": (
        FOAM,
        _glass("#F3E7A9")
        + disc(176, 56, 34, SUN)
        + disc(176, 56, 24, "#F8EFC4")
        + line("M176 34V78M156 46L196 66M156 66L196 46", SUN, 4),
    ),
    "syrup": (FOAM, _glass("#D2556B") + line("M152 24L140 96", LAGOON, 8)),
    "water": (
        FOAM,
        _glass("#BFDDE3")
        + disc(112, 110, 6, PAPER)
        + disc(140, 140, 8, PAPER)
        + disc(116, 168, 5, PAPER),
    ),
    "coffee": (SAND, _cup(BROWN)),
    "tea": (FOAM, _cup("#C98A3A") + line("M150 104V140", INK, 3) + rect(138, 138, 24, 28, SUN, 3)),
    "chocolate": (
        PEACH,
        _cup("#4A2A1A", RUST) + disc(104, 104, 11, PAPER) + disc(132, 102, 13, PAPER),
    ),
    "galette": (
        FOAM,
        moved(
            128,
            128,
            path("M-96-6C-96-60 96-60 96-6L78 56Q0 92-78 56Z", CRUST)
            + path("M-120-30Q0-84 120-30Q132-10 118 6Q0-46-118 6Q-132-10-120-30Z", RUST_DARK)
            + path("M-96-6C-60-40 60-40 96-6L78 56Q0 92-78 56Z", "#C0894A")
            + disc(-40, 24, 6, BROWN)
            + disc(6, 40, 7, BROWN)
            + disc(44, 14, 6, BROWN)
            + disc(4, 4, 4, BROWN),
            1,
            -14,
        ),
    ),
    "cheese": (
        LILAC,
        rect(30, 168, 196, 24, BROWN, 10)
        + path("M56 168L128 76L206 168Z", SUN)
        + path("M56 168V140L132 92L206 140V168Z", "#F0B95A")
        + disc(100, 150, 10, "#D9942F")
        + disc(150, 146, 13, "#D9942F")
        + disc(126, 126, 7, "#D9942F"),
    ),
    "crepe": (
        SAND,
        path("M128 212L36 88C70 40 186 40 220 88Z", CRUST)
        + path("M128 212L80 62C110 52 146 52 176 62Z", "#E8BC7C")
        + disc(104, 96, 7, "#B97A3A")
        + disc(146, 110, 8, "#B97A3A")
        + disc(126, 150, 6, "#B97A3A")
        + rect(112, 58, 34, 24, "#F8EFC4", 4),
    ),
    "soup": (PEACH, _bowl("#C8642B", LAGOON)),
    "chips": (
        SUN,
        "".join(
            moved(
                92 + index * 18,
                124,
                rect(-7, -72 + (index * 23 % 30), 14, 90, "#F4D57A", 3),
                1,
                -14 + index * 7,
            )
            for index in range(5)
        )
        + path("M66 108Q128 136 190 108L176 216H80Z", RUST)
        + path("M96 140L100 216H122L118 144Z", PAPER)
        + path("M160 140L156 216H134L138 144Z", PAPER),
    ),
    "tart": (
        FOAM,
        path("M40 150L200 92Q224 120 214 150Z", "#A33B5E")
        + path("M40 150H214L204 190H58Z", CRUST)
        + disc(120, 132, 8, PLUM)
        + disc(160, 122, 9, PLUM)
        + disc(182, 140, 7, PLUM)
        + disc(92, 142, 6, PLUM),
    ),
    "honey": (PEACH, _jar(SUN, LAGOON)),
    "jar": (FOAM, _jar("#5C2140")),
    "flour": (
        SAND,
        path("M70 66H186L196 216H60Z", PAPER)
        + path("M70 66L84 36H172L186 66Z", "#E2D6C2")
        + line("M70 66H186L196 216H60ZM70 66L84 36H172L186 66", INK, 5)
        + line(
            "M128 188V112M128 132L104 112M128 132L152 112M128 158L104 138M128 158L152 138",
            "#8A5A00",
            8,
        ),
    ),
    "bottle": (SUN, _bottle(BROWN, PAPER)),
    "shirt": (
        LILAC,
        path("M92 44L40 76L60 120L80 110V212H176V110L196 120L216 76L164 44Q128 76 92 44Z", PLUM)
        + moved(
            128,
            134,
            path(
                "M-80-10C-55-48-22-40 0-6 22-40 55-48 80-10 52-28 26-20 4 16 2 20-2 20-4 "
                "16-26-20-52"
                "-28-80-10Z",
                PAPER,
            ),
            0.5,
        )
        + disc(154, 104, 9, SUN),
    ),
    "poster": (
        SAND,
        rect(62, 30, 132, 190, PAPER)
        + rect(72, 40, 112, 150, PLUM)
        + disc(142, 86, 24, SUN)
        + path("M72 160Q100 130 128 150T184 140V190H72Z", LAGOON_DARK)
        + line("M84 204H172", INK, 6)
        + rect(62, 30, 132, 190, "none", 0, f'stroke="{INK}" stroke-width="5"'),
    ),
    "desk": (
        FOAM,
        rect(34, 132, 188, 16, RUST_DARK, 4)
        + line("M54 148V212M202 148V212", RUST_DARK, 10)
        + rect(86, 70, 92, 60, INK, 6)
        + rect(94, 78, 76, 44, FOAM)
        + disc(58, 118, 14, PAPER)
        + line("M194 132V92C194 72 176 72 172 84", LAGOON, 7),
    ),
    "spanner": (
        SUN,
        moved(
            128,
            128,
            path(
                "M-20-100A44 44 0 0 0 -28-26L-18 84A18 18 0 0 0 18 84L28-26A44 44 0 0 0 20-100"
                "V-62L0-50L-20-62Z",
                LAGOON_DARK,
            )
            + disc(0, 82, 8, SUN),
            1,
            32,
        ),
    ),
}


def product(kind):
    """Return the picture of a product as SVG text."""
    ground, drawing = DRAWN[kind]
    return svg(
        256,
        256,
        rect(0, 0, 256, 256, ground),
        dots('<path d="M0 0h256v256h-256z" fill="FILL"/>', 0.05),
        # A till shows the middle of a picture: the drawing keeps away from the edges.
        moved(31, 31, drawing, 0.76),
    )


def as_field(picture):
    """Return an SVG as Odoo's image fields want it."""
    return base64.b64encode(picture.encode())


__all__ = ["DRAWN", "as_field", "product"]
