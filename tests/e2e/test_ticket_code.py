"""The code of a printed ticket, 25 mm wide at 300 dpi, as three readers see it."""

import base64
import datetime
import io
import shutil
import subprocess

import pytest
import requests
import zxingcpp
from PIL import Image

import odoo.addons.web

# Odoo's library misses one still picture in thirty; a camera gives it ten a second, each held a
# little otherwise.
HELD = (0, 2, -2, 5, -5, 9, -9)
SIDE = round(25 / 25.4 * 300)
WIDTHS_MM = {"a4": 72, "a6": 41, "roll": 54}  # of the code with its quiet zone
# As the gate's page does where the browser has no reader of its own.
READ = """
async ([image, own]) => {
    const picture = new Image();
    picture.src = image;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    if (own) {
        const found = await new BarcodeDetector({formats: ["qr_code"]}).detect(canvas);
        return found.map((one) => one.rawValue);
    }
    const source = new ZXing.HTMLCanvasElementLuminanceSource(canvas);
    const bitmap = new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(source));
    const hints = new Map([
        [ZXing.DecodeHintType.POSSIBLE_FORMATS, [ZXing.BarcodeFormat.QR_CODE]],
        [ZXing.DecodeHintType.TRY_HARDER, true],
    ]);
    const reader = new ZXing.MultiFormatReader();
    reader.setHints(hints);
    try {
        return [reader.decode(bitmap).getText()];
    } catch (error) {
        if (error instanceof ZXing.Exception) {
            return [];
        }
        throw error;
    }
}
"""


@pytest.fixture
def ticket(database):
    """A signed ticket: its text, and where its PDF is."""
    with database.env() as env:
        event = env["event.event"].create(
            {
                "name": "Fest-noz",
                "date_begin": datetime.datetime.now() + datetime.timedelta(days=3),
                "date_end": datetime.datetime.now() + datetime.timedelta(days=4),
                "website_published": True,
                "event_ticket_ids": [(0, 0, {"name": "Full", "price": 0})],
            }
        )
        one = env["event.registration"].create(
            {"event_id": event.id, "event_ticket_id": event.event_ticket_ids.id, "name": "Nour"}
        )
        one.action_confirm()
        one._tibillet_printable()
        known = one.tibillet_ticket_text, f"{one._tibillet_page_url()}/pdf"
        env.cr.commit()
    database.close()
    return known


def drawn(path, dpi):
    """The first page of a PDF as poppler draws it."""
    line = ["pdftoppm", "-r", f"{dpi:.3f}", "-png", "-singlefile", str(path)]
    return Image.open(io.BytesIO(subprocess.run(line, capture_output=True, check=True).stdout))


def cut(path, form):
    """The code alone, as 25 mm of paper read at 300 dpi."""
    page = drawn(path, 300 * 25 / WIDTHS_MM[form])
    [found] = zxingcpp.read_barcodes(page)
    corners = [getattr(found.position, f"{up}_{side}") for up in ("top", "bottom")
               for side in ("left", "right")]  # fmt: skip
    x, y = (sum(getattr(one, axis) for one in corners) / 4 for axis in "xy")
    left, top = round(x - SIDE / 2), round(y - SIDE / 2)
    # What hangs over the edge of the page is white, as the table below it.
    paper = Image.new("L", (SIDE, SIDE), "white")
    paper.paste(page.convert("L"), (-left, -top))
    return paper


def by_zbar(image, folder):
    path = folder / "code.png"
    image.save(path)
    line = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)]
    return subprocess.run(line, capture_output=True, check=True).stdout.decode().splitlines()


def by_browser(page, image, own):
    out = io.BytesIO()
    image.save(out, "PNG")
    url = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    return page.evaluate(READ, [url, own])


@pytest.mark.parametrize("form", WIDTHS_MM)
def test_three_readers(form, ticket, database, odoo_server, new_page, tmp_path, screenshots):
    text, url = ticket
    server = odoo_server(database)
    answer = requests.get(f"{server.url}{url}?form={form}", timeout=60)
    assert answer.headers["Content-Type"] == "application/pdf", answer.text[:300]
    path = tmp_path / f"ticket-{form}.pdf"
    path.write_bytes(answer.content)
    drawn(path, 150).save(screenshots / f"ticket-{form}.png")
    code = cut(path, form)
    code.save(screenshots / f"code-{form}.png")

    page = new_page()
    page.goto("about:blank")
    library = f"{odoo.addons.web.__path__[0]}/static/lib/zxing-library/zxing-library.js"
    page.add_script_tag(path=library)
    own = page.evaluate(
        "async () => 'BarcodeDetector' in window"
        " && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')"
    )
    assert shutil.which("zbarimg")
    for seen in (code, code.rotate(180)):
        assert [one.bytes for one in zxingcpp.read_barcodes(seen)] == [text.encode()]
        assert by_zbar(seen, tmp_path) == [text]
        frames = [by_browser(page, seen.rotate(turn, Image.BICUBIC, True, fillcolor=255), False)
                  for turn in HELD]  # fmt: skip
        assert [text] in frames
        assert all(one in ([], [text]) for one in frames), "it reads this text or nothing"
        if own:
            assert by_browser(page, seen, True) == [text]


def test_a_code_that_is_cut_is_no_code(ticket, database, odoo_server, tmp_path):
    """Much of it covered: nothing at all rather than some other text."""
    url = ticket[1]
    server = odoo_server(database)
    path = tmp_path / "ticket.pdf"
    path.write_bytes(requests.get(server.url + url, timeout=60).content)
    code = cut(path, "a4")
    code.paste("white", (SIDE // 3, SIDE // 3, SIDE, SIDE * 2 // 3))
    assert not zxingcpp.read_barcodes(code)
    code.save(tmp_path / "cut.png")
    done = subprocess.run(["zbarimg", "--quiet", "--raw", str(tmp_path / "cut.png")],
                          capture_output=True)  # fmt: skip
    assert not done.stdout.strip()
