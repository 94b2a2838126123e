"""The large pictures: a front for each place, the coast that joins them, and the card."""

from . import ink
from .ink import (
    FOAM,
    INK,
    LAGOON,
    LAGOON_DARK,
    LILAC,
    NIGHT,
    PAPER,
    PEACH,
    PLUM,
    PLUM_DARK,
    RUST,
    RUST_DARK,
    SAND,
    SUN,
    bulbs,
    disc,
    dots,
    group,
    gull,
    line,
    moved,
    path,
    rays,
    rect,
    stars,
    svg,
    wave,
)

WIDE, HIGH = 1400, 760


def boat(hull, sail):
    """A small sailing boat at the quay, its waterline at 0."""
    return (
        line("M0-8V-190", INK, 6)
        + path("M8-184C60-120 78-70 84-26H8Z", sail)
        + path("M-8-160C-40-110-58-70-66-26H-8Z", PAPER)
        + path("M-96-14H104C96 20 74 34 40 34H-50C-76 34-90 16-96-14Z", hull)
        + path("M-96-14H104L102-2H-94Z", PAPER)
    )


def lighthouse(colour, body=PAPER):
    """A lighthouse, its foot at 0."""
    return (
        path("M-44 0L-28-250H28L44 0Z", body)
        + path("M-40-60L-34-150H34L40-60Z", colour)
        + rect(-38, -266, 76, 16, INK)
        + rect(-24, -312, 48, 46, SUN)
        + path("M-32-312H32L0-346Z", colour)
        + rect(-12, -40, 24, 40, INK, 12)
    )


def house(width, height, wall, roof, windows, door):
    """A Breton house, its foot at 0, with two chimneys."""
    out = rect(0, -height, width, height, wall)
    out += path(
        f"M-14 {-height}L{width * 0.14} {-height - 110}H{width * 0.86}L{width + 14} {-height}Z",
        roof,
    )
    out += rect(width * 0.16, -height - 150, 34, 60, wall) + rect(
        width * 0.76, -height - 150, 34, 60, wall
    )
    columns = 3
    for index in range(columns):
        x = width * (index + 0.5) / columns - 26
        out += rect(round(x), -height + 36, 52, 74, windows)
        out += line(f"M{x + 26:.0f} {-height + 36}v74M{x:.0f} {-height + 72}h52", PAPER, 5)
    out += rect(round(width / 2 - 36), -128, 72, 128, door, 6) + disc(
        round(width / 2 + 20), -62, 5, SUN
    )
    return out


def bar_front():
    """The café-bar on its quay, at the hour when lamps are lit."""
    terrace = "".join(
        moved(x, 612, line("M0 0V58M-26 58H26", INK, 7) + rect(-48, -10, 96, 12, RUST_DARK, 6))
        + moved(x - 78, 626, line("M0 44V0H34V44M0 0V-44", RUST_DARK, 7))
        + moved(x + 78, 626, line("M0 44V0H-34V44M0 0V-44", RUST_DARK, 7))
        for x in (880, 1160)
    )
    windows = ""
    for x in (742, 1002):
        windows += rect(x, 412, 190, 150, SUN, 4) + line(
            f"M{x + 95} 412v150M{x} 470h190", RUST_DARK, 6
        )
        windows += moved(
            x + 48,
            562,
            path("M-18 0V-62C-18-92 18-92 18-62V0Z", RUST_DARK) + disc(0, -104, 20, RUST_DARK),
        )
        windows += moved(
            x + 140, 562, path("M-20 0V-50C-20-80 20-80 20-50V0Z", INK) + disc(0, -92, 20, INK)
        )
    upper = "".join(
        rect(x, 236, 62, 88, FOAM)
        + line(f"M{x + 31} 236v88M{x} 280h62", PAPER, 5)
        + rect(x - 30, 236, 26, 88, LAGOON)
        + rect(x + 66, 236, 26, 88, LAGOON)
        for x in (760, 934, 1108)
    )
    awning = "".join(
        path(f"M{716 + step * 50} 356h50l8 44q-29 22-58 0Z", RUST if step % 2 else PAPER)
        for step in range(10)
    )
    return svg(
        WIDE,
        HIGH,
        rect(0, 0, WIDE, HIGH, PEACH),
        rays(330, 330, 190, 1300, 22, "#F4D9B8", 0.1),
        disc(330, 330, 150, SUN),
        dots('<circle cx="330" cy="330" r="150" fill="FILL"/>', 0.14),
        path("M0 430C140 392 240 420 360 400S600 410 720 392V520H0Z", LAGOON, 'opacity=".55"'),
        moved(120, 428, lighthouse(RUST), 0.42),
        wave(440, 760, HIGH, LAGOON, 130, 12),
        wave(500, 760, HIGH, "#19504D", 150, 14, 40),
        moved(250, 486, boat(RUST, SUN), 0.8),
        moved(505, 560, boat(LAGOON_DARK, PEACH), 1.05),
        wave(590, 760, HIGH, LAGOON_DARK, 170, 16, 20),
        path("M620 660H1400V760H560Z", "#8E7A62"),
        path("M620 660H1400V676H612Z", "#6F5E4A"),
        rect(700, 196, 520, 466, SAND),
        rect(1220, 300, 180, 362, "#E2D6C2"),
        path("M676 200L760 92H1160L1244 200Z", LAGOON_DARK),
        path("M1220 304V226H1400V304Z", RUST_DARK),
        rect(786, 66, 46, 70, SAND),
        rect(1092, 66, 46, 70, SAND),
        upper,
        rect(716, 340, 500, 24, RUST_DARK),
        windows,
        rect(944, 440, 50, 222, RUST_DARK, 4),
        disc(984, 560, 5, SUN),
        awning,
        rect(1262, 372, 96, 120, SUN, 4),
        line("M1310 372v120M1262 430h96", RUST_DARK, 6),
        moved(
            1292,
            214,
            disc(0, 0, 46, PAPER)
            + line("M0-24V24M-20 8C-16 26 16 26 20 8M-10-14H10", RUST, 7)
            + disc(0, -28, 6, RUST),
        ),
        dots('<path d="M700 196h520v466h-520z" fill="FILL"/>', 0.05),
        terrace,
        bulbs(620, 250, 716, 330, 50, 3),
        bulbs(1216, 330, 1400, 250, 70, 5),
        line("M620 660V240", INK, 8),
        gull(480, 190, 0.7),
        gull(590, 130, 0.5),
        gull(110, 150, 0.55),
    )


def festival_front():
    """The meadow by the lighthouse, on a festival night."""
    heads = ""
    for row, colour, base in ((0, "#47246E", 640), (1, "#160A24", 690)):
        for index in range(22):
            x = 10 + index * 66 + row * 33
            y = base + (index * 29 + row * 13) % 26
            heads += disc(x, y, 23, colour) + path(
                f"M{x - 40} 780V{y + 54}C{x - 40} {y + 24} {x + 40} {y + 24} {x + 40} "
                f"{y + 54}V780Z",
                colour,
            )
            if (index + row) % 4 == 1:
                heads += line(f"M{x + 28} {y + 44}L{x + 46} {y - 50}", colour, 15)
            if (index + row) % 6 == 3:
                heads += line(f"M{x - 28} {y + 44}L{x - 42} {y - 54}", colour, 15)
    beams = "".join(
        path(f"M{x} 236L{x + dx - 110} 620H{x + dx + 110}Z", colour, 'opacity=".30"')
        for x, dx, colour in ((560, -130, SUN), (680, 20, PAPER), (800, 60, LILAC), (920, 160, SUN))
    )
    players = (
        moved(
            610,
            560,
            path("M-22 0L-16-92H16L22 0Z", INK)
            + disc(0, -114, 22, INK)
            + line("M-50-70L54-34", SUN, 13)
            + disc(-46, -66, 24, SUN),
        )
        + moved(
            740,
            560,
            path("M-24 0L-14-96H14L24 0Z", INK)
            + disc(0, -120, 23, INK)
            + line("M14-84L44-112L36-126", INK, 11)
            + line("M38-132V0", INK, 5),
        )
        + moved(
            870,
            560,
            disc(-30, -34, 34, RUST)
            + disc(30, -34, 34, PAPER)
            + rect(-8, -90, 16, 40, INK)
            + disc(0, -112, 22, INK)
            + line("M-60-96H-22M22-96H60", SUN, 7),
        )
    )
    truss = "".join(line(f"M{x} 210l30 30l30-30", INK, 5) for x in range(480, 990, 60))
    return svg(
        WIDE,
        HIGH,
        rect(0, 0, WIDE, HIGH, PLUM_DARK),
        rect(0, 260, WIDE, 300, PLUM, 0, 'opacity=".7"'),
        stars(WIDE, 330, 60),
        disc(1120, 170, 96, PEACH),
        dots('<circle cx="1120" cy="170" r="96" fill="FILL"/>', 0.16),
        path("M196 216L1400 20V196Z", SUN, 'opacity=".22"'),
        path("M196 216L-40 120V330Z", SUN, 'opacity=".28"'),
        path("M0 560C180 500 330 520 470 548S900 520 1400 500V760H0Z", LAGOON_DARK),
        moved(196, 540, lighthouse(RUST), 1.02),
        rect(470, 200, 530, 20, INK),
        rect(470, 200, 22, 380, INK),
        rect(980, 200, 22, 380, INK),
        rect(492, 236, 488, 320, PLUM),
        path("M470 204L735 116L1002 204Z", RUST),
        truss,
        beams,
        disc(735, 166, 24, SUN),
        rect(440, 556, 590, 40, INK),
        players,
        rect(400, 400, 66, 160, INK, 6),
        disc(433, 440, 22, LILAC),
        disc(433, 510, 26, LILAC),
        rect(1008, 400, 66, 160, INK, 6),
        disc(1041, 440, 22, LILAC),
        disc(1041, 510, 26, LILAC),
        moved(
            1180,
            600,
            path("M-110 0L-90-92H90L110 0Z", SUN)
            + path("M-120-88L0-176L120-88Z", RUST)
            + rect(-70, -66, 140, 66, PLUM_DARK),
        ),
        bulbs(1074, 410, 1180, 430, 30, 3),
        bulbs(1290, 500, 1400, 420, 40, 4),
        path("M0 612C260 580 520 604 700 600S1180 590 1400 610V760H0Z", "#0D2C2A"),
        heads,
        gull(330, 130, 1.0, PAPER, -8),
        gull(450, 78, 0.6),
        gull(850, 62, 0.7, PAPER, 6),
    )


def coop_front():
    """The old post office of the co-operative, with its yard."""
    bike = (
        disc(0, 0, 46, "none", f'stroke="{INK}" stroke-width="8"')
        + disc(134, 0, 46, "none", f'stroke="{INK}" stroke-width="8"')
        + line(
            "M0 0L44-72H104L134 0M44-72L66 0L104-72M66 0H0M36-88H58M98-92L104-72M98-92H120", RUST, 8
        )
    )
    people = (
        moved(
            300,
            668,
            path("M-26 0L-22-92C-22-116 22-116 22-92L26 0Z", RUST)
            + disc(0, -134, 24, PEACH)
            + path("M-26-142C-24-172 24-172 26-142Z", INK),
        )
        + moved(
            376,
            668,
            path("M-26 0L-22-80C-22-106 22-106 22-80L26 0Z", SUN)
            + disc(0, -122, 23, "#8A5A3C")
            + path("M-24-126C-30-160 30-160 24-126C10-140-10-140-24-126Z", INK),
        )
        + line("M322 588L352 602", RUST, 13)
    )
    trees = "".join(
        moved(
            x,
            y,
            rect(-9, -50, 18, 50, "#6F5E4A")
            + disc(0, -100, 62, LAGOON)
            + disc(-34, -70, 40, LAGOON)
            + disc(38, -74, 42, LAGOON_DARK),
            scale,
        )
        for x, y, scale in ((120, 560, 1.2), (1290, 590, 1.5), (1180, 560, 0.9))
    )
    return svg(
        WIDE,
        HIGH,
        rect(0, 0, WIDE, HIGH, FOAM),
        rays(1060, 240, 130, 1300, 24, "#D3E6E0"),
        disc(1060, 240, 112, SUN),
        dots('<circle cx="1060" cy="240" r="112" fill="FILL"/>', 0.14),
        path("M0 470C200 380 400 420 560 450S1000 360 1400 440V760H0Z", "#7FB0A4"),
        path("M0 540C240 480 420 520 640 520S1100 470 1400 530V760H0Z", LAGOON, 'opacity=".8"'),
        trees,
        moved(430, 670, house(520, 330, SAND, LAGOON_DARK, FOAM, RUST)),
        rect(520, 414 + 40, 340, 54, LAGOON_DARK, 6),
        # The sign: a needle and its thread, which is what "kevrenn" ties together.
        line("M560 481C600 450 620 512 660 481S720 450 760 481S810 500 826 470", PAPER, 6),
        disc(560, 481, 9, SUN),
        moved(
            960,
            670,
            rect(0, -190, 230, 190, "#E2D6C2")
            + path("M-14-186L115-270L244-186Z", RUST)
            + rect(30, -130, 170, 130, LAGOON_DARK, 4)
            + line("M50-100H180M50-72H180M50-44H180", FOAM, 5)
            + disc(115, -218, 20, "none", f'stroke="{PAPER}" stroke-width="5"')
            + disc(115, -218, 5, PAPER),
        ),
        path("M0 668H1400V760H0Z", "#CDBFA7"),
        path("M0 668H1400V680H0Z", "#A8987E"),
        dots('<path d="M0 680h1400v80h-1400z" fill="FILL"/>', 0.1),
        moved(1010, 690, bike),
        people,
        moved(
            560,
            690,
            rect(-66, -64, 132, 12, RUST_DARK, 4)
            + line("M-54-54L-66 0M54-54L66 0", RUST_DARK, 8)
            + disc(-28, -82, 18, SUN)
            + disc(4, -82, 18, RUST)
            + disc(34, -80, 16, LAGOON),
        ),
        moved(
            820,
            690,
            rect(-50, -70, 100, 70, RUST, 6)
            + line("M-40-70L-20-116M40-70L22-126M0-70V-134", LAGOON, 10)
            + disc(-20, -122, 18, LAGOON)
            + disc(22, -132, 18, LAGOON_DARK)
            + disc(0, -144, 20, LAGOON),
        ),
        bulbs(150, 470, 430, 420, 60, 7),
        gull(240, 150, 0.8),
        gull(360, 96, 0.5),
        gull(720, 120, 0.6),
    )


def coast():
    """The coast of Port-Lannec, with its three places."""

    def pin(x, y, colour, inner):
        return moved(
            x,
            y,
            path("M0 0C-46-58-58-80-58-110A58 58 0 0 1 58-110C58-80 46-58 0 0Z", colour)
            + disc(0, -110, 38, PAPER)
            + moved(0, -110, inner),
        )

    return svg(
        1400,
        560,
        rect(0, 0, 1400, 560, FOAM),
        rays(1220, 120, 90, 900, 20, "#D3E6E0"),
        disc(1220, 120, 76, SUN),
        wave(238, 1400, 560, "#9CC4B9", 220, 8, 20),
        wave(330, 1400, 560, "#7FB0A4", 180, 12),
        wave(390, 1400, 560, LAGOON, 160, 14, 30),
        wave(470, 1400, 560, LAGOON_DARK, 200, 16, 60),
        path(
            "M0 230C120 190 220 240 330 250C380 300 330 340 420 350C520 356 560 300 660 "
            "306C760 312 760 350 860 344"
            "C980 336 950 250 1080 262C1160 270 1190 330 1260 326C1330 320 1350 290 1400 290V200"
            "C1200 130 1000 180 820 190S360 130 0 160Z",
            "#CDBFA7",
        ),
        path(
            "M0 160C360 130 640 200 820 190S1200 130 1400 200V252C1240 190 1010 214 830 "
            "232S360 190 0 214Z",
            LAGOON,
            'opacity=".75"',
        ),
        moved(1262, 322, lighthouse(RUST), 0.5),
        moved(560, 470, boat(RUST, SUN), 0.62),
        moved(900, 440, boat(LAGOON_DARK, PEACH), 0.5),
        line(
            "M404 300C520 180 640 250 744 262S930 200 1080 236", PAPER, 8, 'stroke-dasharray="2 24"'
        ),
        pin(400, 312, RUST, line("M-14-18H14L10 18H-10ZM14-10C30-12 30 10 12 8", RUST, 6)),
        pin(746, 278, LAGOON, line("M-20 16V-6L0-22L20-6V16Z", LAGOON, 6)),
        pin(
            1084,
            250,
            PLUM,
            line("M-14 14V-16L14-20V10", PLUM, 6) + disc(-20, 14, 8, PLUM) + disc(8, 10, 8, PLUM),
        ),
        gull(180, 90, 0.8),
        gull(300, 60, 0.5),
        gull(940, 90, 0.7),
    )


def card():
    """The card of the territory, with the waves of a reader."""
    return svg(
        640,
        420,
        moved(
            320,
            216,
            group(
                rect(-230, -140, 460, 290, "#D9D1C3", 26)
                + rect(-240, -152, 460, 290, LAGOON, 26)
                + path(
                    "M-240 40C-160 0-100 60-20 30S120-10 220 30V112A26 26 0 0 1 194 "
                    "138H-214A26 26 0 0 1-240 112Z",
                    LAGOON_DARK,
                )
                + path(
                    "M-240 86C-150 60-90 110 0 84S150 60 220 84V112A26 26 0 0 1 194 "
                    "138H-214A26 26 0 0 1-240 112Z",
                    RUST,
                )
                + disc(150, -82, 44, SUN)
                + gull(20, -54, 1.0)
                + gull(-96, -92, 0.55)
                + rect(-206, -120, 62, 46, PEACH, 8)
                + line("M-206-97H-144M-175-120V-74", RUST_DARK, 4)
            ),
            turn=-8,
        ),
        group(
            line("M520 120C548 146 548 196 520 222", RUST, 12)
            + line("M548 92C594 134 594 208 548 250", RUST, 12)
            + line("M576 64C640 122 640 220 576 278", RUST, 12)
        ),
    )


__all__ = ["NIGHT", "bar_front", "card", "coast", "coop_front", "festival_front", "ink"]
