"""Posters of the events: one motif each, on a sun or a moon, no lettering to translate."""

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
from .scenes import boat, lighthouse

WIDE, HIGH = 1200, 640


def _accordion():
    bellows = "".join(
        path(
            f"M{-70 + step * 28} {-84 + step % 2 * 8}h28v{168 - step % 2 * 16}h-28Z",
            RUST if step % 2 else PEACH,
        )
        for step in range(5)
    )
    keys = "".join(rect(-150, -80 + step * 24, 44, 18, PAPER, 3) for step in range(7))
    buttons = "".join(
        disc(104 + column * 26, -70 + row * 28, 8, SUN) for row in range(6) for column in range(2)
    )
    return (
        bellows
        + rect(-164, -104, 96, 208, INK, 16)
        + keys
        + rect(70, -104, 84, 208, INK, 16)
        + buttons
    )


def _guitar():
    return (
        path(
            "M-30-40C-80-60-110-20-90 20C-120 60-90 130 0 130S120 60 90 20C110-20 80-60 "
            "30-40C14-34-14-34-30-40Z",
            RUST,
        )
        + disc(0, 34, 30, INK)
        + disc(0, 34, 38, "none", f'stroke="{SUN}" stroke-width="6"')
        + rect(-15, -230, 30, 240, INK, 4)
        + rect(-24, -276, 48, 56, RUST_DARK, 8)
        + rect(-34, 84, 68, 12, INK, 4)
        + line("M-6-230V86M6-230V86", PAPER, 2)
        + "".join(line(f"M-15 {-200 + step * 30}H15", PAPER, 2) for step in range(6))
    )


def _microphone():
    return moved(
        0,
        -60,
        path("M-60-60A60 60 0 0 1 60-60V-20H-60Z", PAPER)
        + line("M-56-76H56M-60-50H60M-60-26H60", INK, 5)
        + line("M-30-112V-20M0-120V-20M30-112V-20", INK, 4)
        + rect(-66, -24, 132, 26, SUN, 6)
        + path("M-56 2H56L34 190H-34Z", INK)
        + rect(-10, 40, 20, 40, RUST, 8),
        1,
        18,
    )


def _fish():
    return (
        path("M-170 0C-110-84 40-96 120 0C40 96-110 84-170 0Z", LAGOON)
        + path("M104 0L196-74Q172 0 196 74Z", LAGOON_DARK)
        + path("M-60-66Q-10-120 50-64Z", LAGOON_DARK)
        + disc(-112, -14, 18, PAPER)
        + disc(-114, -14, 9, INK)
        + line("M-72-44Q-50 0-72 44", PAPER, 6)
        + line(
            "M-24-34q18 16 0 32M-24 6q18 16 0 32M24-34q18 16 0 32M24 6q18 16 0 32M66-18q14 14 0 28",
            FOAM,
            6,
        )
    )


def _bike():
    return (
        disc(-120, 60, 84, "none", f'stroke="{INK}" stroke-width="14"')
        + disc(120, 60, 84, "none", f'stroke="{INK}" stroke-width="14"')
        + disc(-120, 60, 12, INK)
        + disc(120, 60, 12, INK)
        + line(
            "M-120 60L-44-76H68L120 60M-44-76L-4 60L68-76M-4 "
            "60H-120M-62-106H-20M60-110L68-76M46-112H96",
            RUST,
            14,
        )
        + "".join(
            line(f"M{x} 60l{dx} {dy}", INK, 2)
            for x in (-120, 120)
            for dx, dy in (
                (0, -80),
                (0, 80),
                (80, 0),
                (-80, 0),
                (56, 56),
                (-56, -56),
                (56, -56),
                (-56, 56),
            )
        )
    )


def _pot():
    return (
        path("M-130-30H130V60C130 120 90 140 0 140S-130 120-130 60Z", RUST)
        + rect(-150, -52, 300, 30, RUST_DARK, 12)
        + line("M-150-6H-184M150-6H184", RUST_DARK, 18)
        + line(
            "M-60-84C-80-116-40-130-60-170M0-84C-20-116 20-130 0-170M60-84C40-116 80-130 60-170",
            PAPER,
            10,
        )
        + disc(-60, 50, 20, SUN)
        + disc(0, 66, 20, SUN)
        + disc(60, 50, 20, SUN)
    )


def _squeegee():
    return (
        rect(-170, -10, 340, 150, PAPER, 8)
        + rect(-150, 8, 300, 114, LAGOON)
        + path("M-150 8H20V122H-150Z", RUST)
        + gull(-50, 70, 0.9)
        + disc(84, 50, 28, SUN)
        + moved(30, -30, rect(-14, -30, 28, 190, INK, 5) + rect(-22, -130, 44, 120, SUN, 12), 1, 8)
    )


def _lamp():
    return (
        line("M-130 140H0M-64 140V70L70-30L-10-120", INK, 14)
        + disc(70, -30, 16, RUST)
        + path("M-70-180L50-146L-24-66C-60-64-100-96-98-134Z", RUST)
        + path("M-90-80L-20-60L-110 120H-250Z", SUN, 'opacity=".55"')
        + rect(40, 70, 130, 70, LAGOON_DARK, 8)
        + disc(76, 104, 18, SUN)
        + disc(132, 104, 18, PAPER)
        + line("M132 104V92", INK, 5)
    )


def _basket():
    return (
        path("M-150-10H150L118 130H-118Z", "#B98445")
        + line("M-110-10C-110-150 110-150 110-10", "#8A5A2B", 14)
        + line(
            "M-140 34H140M-130 78H130M-90-10L-74 130M-30-10L-24 130M30-10L24 130M90-10L74 130",
            "#8A5A2B",
            6,
        )
        + disc(-80, -40, 36, RUST)
        + disc(-10, -52, 42, SUN)
        + disc(64, -44, 38, LAGOON)
        + line("M-80-72L-70-96M-10-92L2-116M64-80L76-104", LAGOON_DARK, 8)
        + disc(110, -20, 24, RUST)
    )


def _vote():
    return (
        rect(-120, -20, 240, 160, LAGOON_DARK, 10)
        + rect(-50, -34, 100, 18, INK, 6)
        + moved(
            0,
            -70,
            rect(-52, -80, 104, 100, PAPER, 6) + line("M-26-34L-6-12L32-56", RUST, 12),
            1,
            -8,
        )
        + line("M-60 60H60M-60 90H20", FOAM, 8)
    )


def _on_sun(ground, sun, motif, *, ray="#F4D9B8", under="", scale=1.5, y=330):
    return svg(
        WIDE,
        HIGH,
        rect(0, 0, WIDE, HIGH, ground),
        rays(600, 320, 250, 1100, 26, ray, 0.06),
        disc(600, 320, 232, sun),
        dots('<circle cx="600" cy="320" r="232" fill="FILL"/>', 0.13),
        under,
        moved(600, y, motif, scale),
    )


def _on_night(ground, moon, motif, *, under="", scale=1.5, y=340):
    return svg(
        WIDE,
        HIGH,
        rect(0, 0, WIDE, HIGH, ground),
        stars(WIDE, HIGH, 70),
        disc(600, 320, 232, moon),
        dots('<circle cx="600" cy="320" r="232" fill="FILL"/>', 0.13),
        under,
        moved(600, y, motif, scale),
        bulbs(-20, 40, 420, 20, 110, 8),
        bulbs(780, 20, 1220, 40, 110, 8),
    )


def _dancers():
    ring = ""
    for index in range(9):
        x = 80 + index * 130
        colour = (RUST, SUN, LAGOON, PLUM)[index % 4]
        ring += moved(
            x,
            636,
            path("M-40 0L-22-110C-18-128 18-128 22-110L40 0Z", colour)
            + disc(0, -146, 24, PEACH)
            + line("M18-108L66-84", colour, 15)
            + path("M-24-150C-22-178 22-178 24-150Z", INK),
        )
    return ring


POSTERS = {
    "fest_noz": lambda: _on_night(NIGHT, SUN, _accordion(), under=_dancers(), scale=1.15, y=250),
    "jazz": lambda: _on_night(PLUM_DARK, PEACH, _guitar(), scale=1.35, y=380),
    "singers": lambda: _on_sun(RUST, SUN, _microphone(), ray="#C4553F", scale=1.5, y=350),
    "quiz": lambda: _on_sun(
        FOAM,
        PEACH,
        _fish(),
        ray="#D3E6E0",
        under=wave(500, WIDE, HIGH, LAGOON, 140, 14)
        + wave(560, WIDE, HIGH, LAGOON_DARK, 160, 14, 40),
        scale=1.5,
        y=340,
    ),
    "market": lambda: _on_sun(PEACH, PAPER, _basket(), scale=1.6, y=340),
    "festival": lambda: svg(
        WIDE,
        HIGH,
        rect(0, 0, WIDE, HIGH, PLUM),
        stars(WIDE, HIGH, 70),
        rays(600, 210, 60, 1200, 18, "#6E3C9C", 0.2),
        disc(600, 210, 150, PEACH),
        dots('<circle cx="600" cy="210" r="150" fill="FILL"/>', 0.14),
        wave(470, WIDE, HIGH, LAGOON, 150, 16),
        wave(530, WIDE, HIGH, LAGOON_DARK, 170, 16, 50),
        wave(590, WIDE, HIGH, "#0D2C2A", 190, 14, 90),
        moved(960, 500, lighthouse(RUST), 1.15),
        moved(270, 548, boat(RUST, SUN), 1.25),
        gull(600, 330, 3.4, PAPER, -4),
        gull(310, 130, 0.8),
        gull(860, 90, 0.6),
    ),
    "launch": lambda: _on_night(
        PLUM_DARK,
        LILAC,
        lighthouse(RUST),
        under=wave(500, WIDE, HIGH, PLUM, 150, 14) + gull(330, 240, 1.1) + gull(880, 210, 0.9),
        scale=1.35,
        y=560,
    ),
    "bike": lambda: _on_sun(
        FOAM, SUN, _bike(), ray="#D3E6E0", scale=1.5, y=330, under=rect(0, 540, WIDE, 100, LAGOON)
    ),
    "supper": lambda: _on_sun(LAGOON, PEACH, _pot(), ray="#2B706B", scale=1.45, y=350),
    "print": lambda: _on_sun(SAND, LILAC, _squeegee(), ray="#EBE2D2", scale=1.5, y=310),
    "repair": lambda: _on_sun(PEACH, FOAM, _lamp(), scale=1.35, y=340),
    "assembly": lambda: _on_sun(FOAM, PEACH, _vote(), ray="#D3E6E0", scale=1.55, y=320),
}


def poster(kind):
    """Return the poster of an event as SVG text."""
    return POSTERS[kind]()


__all__ = ["POSTERS", "poster"]
