"""The icons in the addons are those that ``tools/icons.py`` draws, and can be told apart."""

import itertools

import pytest
from PIL import Image, ImageChops, ImageStat

from tools import icons

# Two icons of which less than this differs would be mistaken at 64 pixels (0..255, mean).
APART = 12


def _committed(addon):
    return Image.open(icons.ADDONS / addon / "static" / "description" / "icon.png")


@pytest.mark.parametrize("addon", icons.DRAWINGS)
def test_icon_is_the_drawn_one(addon, tmp_path):
    icon = icons.Icon()
    icons.DRAWINGS[addon](icon)
    icon.save(tmp_path / "icon.png")
    drawn, committed = Image.open(tmp_path / "icon.png"), _committed(addon)
    assert committed.size == drawn.size == (icons.SIDE, icons.SIDE)
    assert ImageChops.difference(drawn, committed).getbbox() is None, "run tools/icons.py"


def test_icons_can_be_told_apart_when_small():
    paper = Image.new("RGBA", (64, 64), icons.PAPER)
    small = {
        addon: Image.alpha_composite(paper, _committed(addon).resize((64, 64))).convert("L")
        for addon in icons.DRAWINGS
    }
    for one, other in itertools.combinations(small, 2):
        apart = ImageStat.Stat(ImageChops.difference(small[one], small[other])).mean[0]
        assert apart > APART, f"{one} and {other} look alike ({apart:.0f})"
