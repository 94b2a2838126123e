"""Pictures on tickets: cut to their frame and made small, once."""

import base64
import io
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

#: Of the widest frame (A4), at 200 points an inch.
COVER = (1400, 566)
LOGO = (420, 260)
#: Of a pass on a phone, in points: file name, frame, how it fills it.
ICON, LABEL, STRIP = (29, 29), (160, 50), (375, 98)


def cover(data):
    """The picture of an event for a page, as JPEG; nothing when it cannot be read.

    :param data: bytes in base64, as a field holds them
    """
    return _cover(base64.b64decode(data)) if data else b""


def logo(data):
    """The place's logo, as PNG on white."""
    return _logo(base64.b64decode(data)) if data else b""


def of_a_pass(icon, mark, picture):
    """The pictures of a pass, each for screens of one, two and three pixels a point.

    :param icon: PNG; ``mark`` and ``picture`` in base64 as fields hold them, or empty
    :return: {file name: PNG}
    """
    found = {}
    for name, data, frame, change in (
        ("icon", icon, ICON, ImageOps.fit),
        ("logo", base64.b64decode(mark or b""), LABEL, ImageOps.contain),
        ("strip", base64.b64decode(picture or b""), STRIP, ImageOps.fit),
    ):
        for times, end in ((1, ""), (2, "@2x"), (3, "@3x")):
            made = _scaled(data, (frame[0] * times, frame[1] * times), change) if data else b""
            if made:
                found[f"{name}{end}.png"] = made
    return found


@lru_cache(maxsize=32)
def _scaled(data, size, change):
    return _saved(data, lambda image: change(image, size), "PNG", optimize=True)


@lru_cache(maxsize=8)
def _cover(data):
    return _saved(data, lambda image: ImageOps.fit(image, COVER, Image.LANCZOS), "JPEG", quality=80)


@lru_cache(maxsize=8)
def _logo(data):
    return _saved(data, lambda image: ImageOps.contain(image, LOGO), "PNG", optimize=True)


def _saved(data, change, kind, **how):
    try:
        with Image.open(io.BytesIO(data)) as image:
            image = ImageOps.exif_transpose(image).convert("RGBA")
            paper = Image.new("RGB", image.size, "white")
            paper.paste(image, mask=image.getchannel("A"))
    except (UnidentifiedImageError, OSError, ValueError):
        return b""  # a ticket without its picture is a ticket
    out = io.BytesIO()
    change(paper).save(out, kind, **how)
    return out.getvalue()
