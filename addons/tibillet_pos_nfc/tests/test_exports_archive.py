"""The archive of the tills: what it holds, who may have it, and that it is checked without Odoo."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .cardpage_common import CardActs
from .common import UID
from .merchant_common import MerchantCase
from .test_gift_discount import GiftCase

PROGRAM = Path(__file__).resolve().parents[3] / "tools" / "verify_till_archive.py"
NOVEMBER = date(2026, 11, 20)
BATCH = "odoo.addons.tibillet_pos_nfc.models.exports.tibillet_till_archive.BATCH"


class ArchiveCase:
    """Makes archives, reads them, and gives them to the program."""

    def archive(self, day=NOVEMBER, kind="month", user=None, company=None):
        """The bytes of an archive."""
        archive = self.env["tibillet.till.archive"].with_user(user or self.accountant)
        file = io.BytesIO()
        archive._write_file(company or self.company, kind, day, file)
        return file.getvalue()

    def read(self, data):
        """``{file name: text}``."""
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}

    def rows(self, data, name):
        return list(csv.DictReader(io.StringIO(self.read(data)[name]), delimiter=";"))

    def manifest(self, data):
        return json.loads(self.read(data)["manifest.json"])

    def orders(self, data):
        return [json.loads(line) for line in self.read(data)["orders.jsonl"].splitlines()]

    def tampered(self, data, name, old, new, checksum=True):
        """The archive with a text replaced once, and its checksum too, as a forger would do."""
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = {one: packed.read(one) for one in packed.namelist()}
        self.assertIn(old.encode(), files[name])
        files[name] = files[name].replace(old.encode(), new.encode(), 1)
        if checksum:
            manifest = json.loads(files["manifest.json"])
            manifest["files"][name] |= {
                "sha256": hashlib.sha256(files[name]).hexdigest(),
                "bytes": len(files[name]),
            }
            files["manifest.json"] = json.dumps(manifest).encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for one, content in files.items():
                packed.writestr(one, content)
        return out.getvalue()

    def verify(self, data):
        """Exit code and words of the program, run alone."""
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(data)
            file.flush()
            done = subprocess.run(
                [sys.executable, "-I", str(PROGRAM), file.name],
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
        return done.returncode, done.stdout + done.stderr


@tagged("post_install", "-at_install")
class TestTillArchive(ArchiveCase, GiftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"company_registry": "85214796300018", "vat": "FR23334175221"})
        cls.cup = cls.env["product.product"].create(
            {
                "name": "Cup",
                "available_in_pos": True,
                "tibillet_deposit": True,
                "list_price": 1,
                "taxes_id": False,
                "company_id": cls.company.id,
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Ana Le Bris"})

    def evening(self):
        """Two rates, odd cents, a gift, a discount, goods taken back, a deposit, a customer."""
        self.give(350)
        self.load(self.card, 5000)
        self.buy((self.beer, 1, 6.0), (self.soup, 1, 4.35), partner_id=self.customer.id)
        for price in (1.01, 2.37, 3.33):
            self.sync(
                self.order_values(
                    [(self.cash, round(price * 3 + 4.29, 2), False)],
                    [(self.crisps, 3, price), (self.soup, 1, 4.29)],
                )
            )
        self.sync(self.order_values([(self.cash, -2.37, False)], [(self.crisps, -1, 2.37)]))
        self.sync(
            self.order_values([(self.bank, 9, False)], [(self.cup, 3, 1), (self.beer, 1, 6.0)])
        )
        values = self.order_values([(self.cash, 3.0, False)], [(self.beer, 1, 6.0)])
        values["lines"][0][2]["discount"] = 50
        values["lines"][0][2]["price_subtotal_incl"] = 3.0
        self.sync(values | {"amount_total": 3.0})
        # The test's tills reckon every line at one rate; a real one as Odoo does.
        for line in self.till_session.sudo().order_ids.lines:
            line.update(line._compute_amount_line_all())

    def test_line_by_line_and_to_the_cent_of_the_closing_entry(self):
        self.evening()
        self.assertLines(self.archive())
        self.close(999)
        data = self.archive()
        code, said = self.verify(data)
        # Complete or not is a question of the day on which the test is run.
        self.assertEqual(code, 3 if self.manifest(data)["incomplete"] else 0, said)
        self.assertNotIn("BROKEN", said)
        posted, ours = {}, {}
        for line in self.till_session.sudo().move_id.line_ids:
            if line.tax_line_id:
                base, vat = posted.get(line.tax_line_id.amount, (0, 0))
                posted[line.tax_line_id.amount] = (base, vat - round(line.balance * 100))
            elif line.tax_ids:
                base, vat = posted.get(line.tax_ids.amount, (0, 0))
                posted[line.tax_ids.amount] = (base - round(line.balance * 100), vat)
        for row in self.manifest(data)["sums"]["lines"]:
            if row["kind"] == "sale":
                base, vat = ours.get(float(row["rate"]), (0, 0))
                ours[float(row["rate"])] = (base + row["base_minor"], vat + row["vat_minor"])
        self.assertEqual(ours, posted)
        self.assertEqual(set(ours), {10.0, 20.0})
        closing = self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)])
        for order in self.orders(data):
            self.assertEqual(order["closing"], {"name": closing.name, "seal": closing.seal})
            self.assertEqual(order["document"], self.till_session.sudo().move_id.name)

    def assertLines(self, data):
        """The evening's rows, its session still open."""
        manifest = self.manifest(data)
        self.assertEqual(manifest["company"]["registry"], "85214796300018")
        self.assertEqual(manifest["counts"], {"orders": 7, "lines": 12, "payments": 7})
        self.assertIn(
            {"why": "session_open", "name": self.till_session.sudo().name},
            manifest["incomplete"],
        )
        first, *_others, taken_back, cups, half = self.orders(data)
        self.assertEqual(first["session"], self.till_session.sudo().name)
        self.assertEqual((first["day"], first["lines"]), ("2026-11-20", 2))
        self.assertEqual((first["total_minor"], first["paid_minor"]), (1035, 1035))
        self.assertEqual(taken_back["total_minor"], -237)
        lines = self.rows(data, "lines.csv")
        self.assertEqual(
            [lines[0][name] for name in ("article", "quantity", "unit_price", "rate", "gross")],
            ["Beer", "1", "6", "20", "6.00"],
        )
        given = [float(line["gift"]) for line in lines[:2]]
        self.assertEqual(round(sum(given), 2), 3.5)
        net = sum(float(lines[at][name]) for at in (0, 1) for name in ("base", "vat"))
        self.assertEqual(round(net, 2), 6.85)
        of_cups = [line for line in lines if line["order"] == str(cups["order"])]
        self.assertEqual([line["kind"] for line in of_cups], ["deposit", "sale"])
        [line] = [line for line in lines if line["order"] == str(half["order"])]
        self.assertEqual((line["discount"], line["base"], line["vat"]), ("50", "2.50", "0.50"))
        payments = self.rows(data, "payments.csv")
        self.assertEqual((payments[0]["kind"], payments[0]["amount"]), ("wallet", "10.35"))
        if "l10n_fr_hash" in self.env["pos.order"]._fields:
            sealed = [order["seal"] for order in self.orders(data)]
            kept = self.till_session.sudo().order_ids.sorted("id").mapped("l10n_fr_hash")
            self.assertEqual([seal and seal["hash"] for seal in sealed], [h or None for h in kept])

    def test_nobody_is_named_the_bytes_stay_and_who_changes_a_line_is_seen(self):
        self.evening()
        employee = self.env["hr.employee"].sudo().create({"name": "Maël Riou"})
        self.till_session.sudo().order_ids.employee_id = employee
        self.till_session.sudo().order_ids[:1].floating_order_name = "Table of Ana"
        good = self.archive()
        self.assertEqual(good, self.archive(user=self.env.user))
        with patch(BATCH, 2):
            self.assertEqual(self.archive(), good)
        text = "".join(self.read(good).values())
        secrets = ("Ana", "Riou", self.cashier.name, self.cashier.login, UID, self.card.number)
        for secret in (*secrets, self.key):
            self.assertNotIn(secret, text)
        self.assertEqual({order["cashier"] for order in self.orders(good)}, {f"e{employee.id}"})
        self.assertTampering(good)

    def assertTampering(self, good):
        line = next(line for line in self.rows(good, "lines.csv") if line["gross"] == "7.11")
        row = self.read(good)["lines.csv"].split(f";{line['line']};")[1].split("\r\n")[0]
        cheaper = row.replace("7.11", "6.11")
        code, said = self.verify(self.tampered(good, "lines.csv", row, cheaper, checksum=False))
        self.assertEqual(code, 2, said)
        self.assertIn("lines.csv was changed or cut", said)
        code, said = self.verify(self.tampered(good, "lines.csv", row, cheaper))
        self.assertEqual(code, 1, said)
        self.assertIn("The lines of an order add up to its total.", said)

    def test_queries_do_not_grow_with_the_orders(self):
        self.buy((self.beer, 1, 6.0), (self.soup, 1, 4.35))
        self.sync(self.order_values([(self.cash, 6.0, False)]))

        def count():
            self.archive()  # what is read once and kept, aside
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.archive()
            return self.env.cr.sql_log_count - before

        few = count()
        for number in range(8):
            self.sync(
                self.order_values(
                    [(self.cash, 8.0 + number, False)],
                    [(self.beer, 1, 4.0 + number), (self.soup, 1, 4.0)],
                )
            )
        self.assertEqual(count(), few)
        # twice the batches, not nine times the queries
        with patch(BATCH, 5):
            self.assertLessEqual(count(), 2 * few)

    def test_another_month_is_empty_and_a_past_one_complete(self):
        self.sell()
        data = self.archive(date(2025, 3, 9))
        self.assertEqual(self.manifest(data)["counts"]["orders"], 0)
        self.assertEqual(self.manifest(data)["incomplete"], [])
        code, said = self.verify(data)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.manifest(self.archive(kind="year"))["counts"]["orders"], 1)

    def test_a_period_that_is_not_over_is_said(self):
        self.sell()
        today = fields.Date.today()
        data = self.archive(today)
        reasons = self.manifest(data)["incomplete"]
        self.assertEqual([reason["why"] for reason in reasons], ["period_not_over", "session_open"])
        code, said = self.verify(data)
        self.assertEqual(code, 3, said)
        self.assertIn(f"session {self.till_session.sudo().name} was open", said)
        form = self.env["tibillet.till.archive.form"].with_user(self.accountant)
        form = form.create({"day": today})
        self.assertIn(self.till_session.sudo().name, form.notice)

    def test_orders_alike_are_reckoned_once_and_a_gift_apart(self):
        self.give(250)
        self.buy((self.beer, 1, 6.0))
        self.buy((self.beer, 1, 6.0))
        self.sync(self.order_values([(self.cash, 6.0, False)]))
        totals = type(self.env["tibillet.daily.totals"])
        reckoned = totals._order_parts
        with patch.object(totals, "_order_parts", autospec=True, side_effect=reckoned) as asked:
            lines = self.rows(self.archive(), "lines.csv")
        self.assertEqual([line["base"] for line in lines], ["2.92", "5.00", "5.00"])
        self.assertEqual(asked.call_count, 2)

    def test_the_night_belongs_to_its_evening(self):
        values = self.order_values([(self.cash, 6.0, False)])
        self.sync(values | {"date_order": "2026-12-01 01:30:00"})
        [order] = self.orders(self.archive())
        self.assertEqual(order["day"], "2026-11-30")
        self.assertEqual(self.orders(self.archive(date(2026, 12, 1))), [])

    def test_only_who_reads_these_books(self):
        self.sell()

        def person(login, groups, company=self.company):
            return new_test_user(
                self.env,
                login=login,
                groups=groups,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )

        wallet = "tibillet_wallet.tibillet_wallet_group_"
        for user in (
            self.accountant,
            person("archive_auditor", wallet + "auditor"),
            person("archive_manager", wallet + "manager"),
        ):
            self.assertTrue(self.archive(user=user))
            form = self.env["tibillet.till.archive.form"].with_user(user)
            form = form.create({"day": NOVEMBER})
            self.assertEqual(str(form.last), "2026-11-30")
            self.assertIn("kind=month&day=2026-11-20", form.action_download()["url"])
        stranger = person("archive_stranger", wallet + "manager", self.other_company)
        for user in (self.cashier, self.till_manager, stranger):
            with self.assertRaises(AccessError):
                self.archive(user=user)
        with self.assertRaises(AccessError):
            self.env["tibillet.till.archive.form"].with_user(self.cashier).create({})
        with self.assertRaises(UserError):
            self.archive(kind="week")

    def test_the_download(self):
        self.sell()
        self.env.cr.flush()
        url = f"/tibillet/tills/{self.company.id}/archive.zip?kind=month&day=2026-11-20"
        self.authenticate("till_accountant", "till_accountant")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, self.archive())
        self.assertIn(
            f"tills-{self.company.id}-2026-11-01-2026-11-30.zip",
            answer.headers["Content-Disposition"],
        )
        self.assertEqual(self.url_open(url.replace("20", "xx")).status_code, 404)
        self.assertEqual(self.url_open(url.replace("month", "week")).status_code, 404)
        self.authenticate("till_cashier", "till_cashier")
        self.assertEqual(self.url_open(url).status_code, 404)


@tagged("post_install", "-at_install")
class TestInvoicedAndSinglePurpose(ArchiveCase, CardActs, GiftCase):
    """An order that an invoice stands for, and money that was taxed when the card was loaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drink = cls.env["tibillet.asset"].create(
            {
                "name": "Drink",
                "code": "drink",
                "kind": "local",
                "company_id": cls.company.id,
                "vat_nature": "single",
                "vat_tax_id": cls.beer.taxes_id.id,
                "spend_sequence": 5,
            }
        )

    def sums(self, data):
        """``{(booked, kind, rate): (base, VAT)}`` of the manifest, in cents."""
        return {
            (row["booked"], row["kind"], float(row["rate"])): (row["base_minor"], row["vat_minor"])
            for row in self.manifest(data)["sums"]["lines"]
        }

    def test_an_invoice_is_named_and_summed_apart(self):
        partner = self.env["res.partner"].create({"name": "Association des Dunes"})
        lines = [(self.beer, 2, 6.0), (self.soup, 1, 4.4)]
        self.sync(self.order_values([(self.cash, 6.0, False)]))
        values = self.order_values([(self.cash, 16.4, False)], lines, partner_id=partner.id)
        values["lines"][2 - 1][2]["price_subtotal"] = 4.0
        invoiced = self.sync(values | {"to_invoice": True})
        self.close(999)
        data = self.archive()
        plain, order = self.orders(data)
        self.assertEqual((plain["booked"], order["booked"]), ("closing", "invoice"))
        self.assertEqual(order["document"], invoiced.account_move.name)
        self.assertEqual(plain["document"], self.till_session.sudo().move_id.name)
        self.assertEqual(
            self.sums(data),
            {
                ("closing", "sale", 20.0): (500, 100),
                ("invoice", "sale", 20.0): (1000, 200),
                ("invoice", "sale", 10.0): (400, 40),
            },
        )
        move = invoiced.account_move
        self.assertEqual((move.amount_untaxed, move.amount_tax), (14.0, 2.4))
        self.assertNotIn("Dunes", "".join(self.read(data).values()))
        code, said = self.verify(data)
        self.assertNotIn("BROKEN", said)
        self.assertIn(code, (0, 3), said)
        # who says that the closing booked it is seen: its sums are another document's
        code, said = self.verify(
            self.tampered(data, "orders.jsonl", '"booked": "invoice"', '"booked": "closing"')
            if '"booked": "invoice"' in self.read(data)["orders.jsonl"]
            else self.tampered(data, "orders.jsonl", '"booked":"invoice"', '"booked":"closing"')
        )
        self.assertEqual(code, 1, said)

    def test_single_purpose_is_taxed_once(self):
        self.load_by("cash", 5000, asset=self.drink)
        self.buy((self.beer, 1, 6.0))
        self.close(50.0)
        data = self.archive()
        loaded, spent = self.rows(data, "lines.csv")
        names = ("kind", "gross", "gift", "taxed_before", "base", "vat", "base_taxed_before")
        self.assertEqual(
            [loaded[name] for name in names],
            ["sale", "50.00", "0.00", "0.00", "41.67", "8.33", "0.00"],
        )
        self.assertEqual(
            [spent[name] for name in names],
            ["sale", "6.00", "0.00", "6.00", "0.00", "0.00", "5.00"],
        )
        self.assertEqual(
            self.sums(data),
            {("closing", "sale", 20.0): (4167, 833), ("closing", "sale", 0.0): (500, 0)},
        )
        code, said = self.verify(data)
        self.assertNotIn("BROKEN", said)
        self.assertIn(code, (0, 3), said)
        row = self.read(data)["lines.csv"].split("\r\n")[2]
        again = row.replace(";0.00;0.00;", ";5.00;1.00;", 1)
        self.assertNotEqual(again, row)
        code, said = self.verify(self.tampered(data, "lines.csv", row, again))
        self.assertEqual(code, 1, said)


@tagged("post_install", "-at_install")
class TestMerchantInExports(ArchiveCase, MerchantCase):
    """What a food truck sells is the truck's: no daily sale of the place, a kind of its own."""

    def test_it_is_left_out_of_the_daily_sales_and_marked_in_the_archive(self):
        self.pair(self.open_session())
        self.sync(self.order_values([(self.cash, 6.0, False)]))
        self.set_till_up()
        self.open_stand()
        self.load(self.card, 5000)
        self.serve([(self.galette, 1, 11.0), (self.water, 1, 2.11)])
        days = self.env["tibillet.daily.totals"]._days(self.company, NOVEMBER, NOVEMBER)
        self.assertEqual(
            [(rate["rate"], rate["base_minor"], rate["vat_minor"]) for rate in days[0]["rates"]],
            [(20.0, 500, 100)],
        )
        self.assertEqual(days[0]["operations"], 1)
        data = self.archive()
        bar, stand = self.orders(data)
        self.assertEqual(bar["merchant"], None)
        self.assertEqual(stand["merchant"]["name"], "Les galettes de Zoé")
        self.assertEqual(stand["merchant"]["registry"], "73282932000074")
        self.assertEqual(
            [(line["kind"], line["base"], line["vat"]) for line in self.rows(data, "lines.csv")],
            [("sale", "5.00", "1.00"), ("merchant", "10.00", "1.00"), ("merchant", "2.00", "0.11")],
        )
        code, said = self.verify(data)
        self.assertEqual(code, 3, said)
        self.assertIn("merchant, 10 %", said)
