"""A film that Chromium takes for its camera: one ticket after the other, as a queue shows them."""

from fractions import Fraction

import qrcode

WIDTH, HEIGHT = 640, 480
QUIET = 4  # modules of white around a code
PICTURES_PER_S = 2
PAPER, INK, GREY = 235, 40, 128  # a print is neither white nor black
SWAY = (0, 3, -2, 5)  # points to the right: a hand is never still
MASK = 2  # as tickets are drawn (ADR 0045)


def flags(film):
    """What Chromium is launched with to see ``film`` by its camera, without asking."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def shoot(path, texts, seconds=2):
    """Write a film in which each text is shown as a QR for ``seconds``; Chromium repeats it."""
    rate = Fraction(PICTURES_PER_S)
    with path.open("wb") as film:
        head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate.numerator}:{rate.denominator} Ip A1:1 C420jpeg"
        film.write(head.encode() + b"\n")
        for text in texts:
            for rank in range(int(rate * seconds)):
                grey = bytes([GREY]) * (WIDTH * HEIGHT // 2)
                film.write(b"FRAME\n" + _picture(text, SWAY[rank % len(SWAY)]) + grey)
    return path


def _picture(text, sway):
    """The brightness of each point of one picture."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET, mask_pattern=MASK
    )
    code.add_data(text, optimize=0)
    code.make(fit=True)
    modules = code.get_matrix()
    size = HEIGHT // len(modules)
    top = (HEIGHT - size * len(modules)) // 2
    left = (WIDTH - size * len(modules)) // 2 + sway
    blank = bytes([PAPER]) * WIDTH
    lines = [blank] * top
    for row in modules:
        dots = b"".join(bytes([INK if dark else PAPER]) * size for dark in row)
        line = bytes([PAPER]) * left + dots
        lines += [line + bytes([PAPER]) * (WIDTH - len(line))] * size
    lines += [blank] * (HEIGHT - len(lines))
    return b"".join(lines)
