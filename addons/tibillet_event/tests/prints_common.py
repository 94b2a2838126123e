"""A concert with every mention, and how its tickets are read back from the PDF."""

import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from odoo import Command

from .refunds_common import DAY, RefundsCase

PICTURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR42mNgYGD4jwcPfGkGACMdHeK9nEdJAAAAAElFTkSu"
    b"QmCC"
)


class PrintsCase(RefundsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write(
            {
                "name": "Association Le Phare",
                "street": "12 quai du Port",
                "zip": "29000",
                "city": "Quimper",
                "tibillet_licence": "PLATESV-D-2024-001234",
                "tibillet_ticket_terms": "Ni repris ni échangé.",
            }
        )
        hall = cls.env["res.partner"].create(
            {"name": "Salle Érwan", "street": "3 rue Haute", "zip": "29200", "city": "Brest"}
        )
        cls.vat = cls.env["account.tax"].create(
            {
                "name": "5.5 incl",
                "amount": 5.5,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "company_id": cls.company.id,
            }
        )
        cls.product.taxes_id = [Command.set(cls.vat.ids)]
        cls.concert.write({"name": "Fest-noz d'été", "address_id": hall.id})
        begin = cls.concert.date_begin.replace(hour=19, minute=30, second=0)
        cls.concert.write({"date_begin": begin, "date_end": begin + 0.2 * DAY})

    def texts(self, data, *options):
        """The words of each page of a PDF, as poppler reads them."""
        out = self.tool(data, "pdftotext", "-layout", *options, "{file}", "-")
        return out.decode().split("\f")[:-1]

    def tool(self, data, *command):
        """What a program says of a PDF."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ticket.pdf"
            path.write_bytes(data)
            line = [part.replace("{file}", str(path)) for part in command]
            done = subprocess.run(line, capture_output=True, cwd=folder, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

    def image(self, data, dpi=300, page=1):
        """A page of a PDF as poppler draws it."""
        drawn = self.tool(
            data, "pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", "{file}"
        )
        return Image.open(io.BytesIO(drawn))
