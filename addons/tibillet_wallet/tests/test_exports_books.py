"""What the outside accountant reads: daily sales, the letter, the books; and nothing is written."""

import csv
import io
import json
from datetime import date

from PyPDF2 import PdfFileReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .books_common import BooksCase

AUDITOR = "tibillet_wallet.tibillet_wallet_group_auditor"


class AuditorCase(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(
            cls.env,
            login="cabinet",
            groups=AUDITOR,
            company_id=cls.bar.id,
            company_ids=[Command.set(cls.bar.ids)],
        )


@tagged("post_install", "-at_install")
class TestDailyTotals(AuditorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.bar.account_sale_tax_id
        cls.reduced = cls.tax.copy({"name": "5,5 %", "amount": 5.5})
        cls.person, cls.firm = cls.env["res.partner"].create(
            [
                {"name": "Ana"},
                {"name": "Sono SARL", "is_company": True, "vat": "FR23334175221"},
            ]
        )

    def invoice(self, partner, *lines, day=date(2026, 1, 15), kind="out_invoice"):
        move = (
            self.env["account.move"]
            .with_company(self.bar)
            .create(
                {
                    "move_type": kind,
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "x",
                                "product_id": product.id if product else False,
                                "quantity": 1,
                                "price_unit": price,
                                "tax_ids": [Command.set(tax.ids)],
                            }
                        )
                        for product, price, tax in lines
                    ],
                }
            )
        )
        move.action_post()
        return move

    def days(self, first=date(2026, 1, 1), last=date(2026, 1, 31)):
        return self.env["tibillet.daily.totals"]._days(self.bar, first, last)

    def test_invoices_to_consumers_per_day_and_rate(self):
        none = self.env["account.tax"]
        topup = self.bar.tibillet_topup_product_id
        self.invoice(self.person, (None, 100, self.tax), (None, 40, self.reduced))
        self.invoice(self.person, (None, 10, self.tax), kind="out_refund")
        self.invoice(self.person, (None, 7, none), (topup, 50, none), day=date(2026, 1, 16))
        self.invoice(self.firm, (None, 1000, self.tax))
        self.invoice(self.person, (None, 1, self.tax), day=date(2026, 2, 1))
        self.assertEqual(
            self.days(),
            [
                {
                    "day": "2026-01-15",
                    "operations": 2,
                    "rates": [
                        {"rate": 5.5, "base_minor": 4000, "vat_minor": 220, "operations": 1},
                        {"rate": 20.0, "base_minor": 9000, "vat_minor": 1800, "operations": 2},
                    ],
                },
                {
                    "day": "2026-01-16",
                    "operations": 1,
                    "rates": [{"rate": 0.0, "base_minor": 700, "vat_minor": 0, "operations": 1}],
                },
            ],
        )

    def test_files_say_the_same_and_twice_the_same(self):
        self.invoice(self.person, (None, 100, self.tax), (None, 40, self.reduced))
        totals = self.env["tibillet.daily.totals"].with_user(self.auditor)
        period = (self.bar, date(2026, 1, 1), date(2026, 1, 31))
        read = json.loads(totals._json(*period))
        self.assertEqual(read["days"], self.days())
        self.assertEqual(totals._json(*period), totals._json(*period))
        rows = list(
            csv.DictReader(io.StringIO(totals._csv(*period).decode("utf-8-sig")), delimiter=";")
        )
        self.assertEqual(
            [(row["rate"], row["base"], row["vat"], row["total"]) for row in rows],
            [("5.5", "40.00", "2.20", "42.20"), ("20", "100.00", "20.00", "120.00")],
        )

    def test_the_form(self):
        self.invoice(self.person, (None, 100, self.tax))
        form = self.env["tibillet.daily.form"].with_user(self.auditor)
        form = form.create({"first": date(2026, 1, 1), "last": date(2026, 1, 31)})
        self.assertIn("20 %", form.html)
        self.assertIn("/daily.csv?first=2026-01-01", form.action_csv()["url"])
        form.last = date(2025, 1, 1)
        self.assertIn("Choose a first", form.html)
        with self.assertRaises(UserError):
            form.action_json()

    def test_only_who_reads_these_books(self):
        totals = self.env["tibillet.daily.totals"]
        for user in (self.user_bar, self.accountant_coop):
            with self.assertRaises(AccessError):
                totals.with_user(user)._csv(self.bar, date(2026, 1, 1), date(2026, 1, 31))
        for user in (self.auditor, self.accountant_bar, self.manager_bar):
            self.assertTrue(
                totals.with_user(user)._csv(self.bar, date(2026, 1, 1), date(2026, 1, 31))
            )


@tagged("post_install", "-at_install")
class TestAuditor(AuditorCase):
    """Reads all of it, changes none."""

    def setUp(self):
        super().setUp()
        self.topup(2000)
        self.sale(600)
        self.entry = self.write()

    def test_he_reads_the_books_down_to_the_operations(self):
        entry = self.entry.with_user(self.auditor)
        self.assertTrue(entry.line_ids.mapped("account_label"))
        found = self.env["tibillet.operation"].with_user(self.auditor)
        found = found.search(entry.action_view_operations()["domain"])
        self.assertEqual(sorted(found.mapped("code")), ["sale", "topup"])
        self.assertEqual(entry.move_id.tibillet_operation_count, 2)
        control = self.env["tibillet.control"]._look(self.bar).with_user(self.auditor)
        self.assertTrue(control.line_ids.mapped("name"))
        roles = self.env["tibillet.book.role"].with_user(self.auditor).search([])
        self.assertEqual(roles.company_id, self.bar)

    def test_he_writes_nothing(self):
        mine = self.env(user=self.auditor)
        control = self.env["tibillet.control"]._look(self.bar)
        row = self.env["tibillet.book.role"].search(
            [("company_id", "=", self.bar.id), ("role", "=", "clearing")]
        )
        change = mine["tibillet.book.change"]._change
        acts = (
            mine["tibillet.ledger.entry"].action_write_now,
            control.with_user(self.auditor).action_look,
            row.with_user(self.auditor).action_choose,
            lambda: change(self.bar, "clearing", self.bar.tibillet_clearing_account_id),
            lambda: self.bar.with_user(self.auditor)._tibillet_set_association(True),
            lambda: mine["tibillet.volunteer.year"].create({"hours": 1, "rate": 1, "reason": "x"}),
            lambda: self.entry.move_id.with_user(self.auditor).write({"ref": "x"}),
            lambda: mine["account.move"].create({"move_type": "entry"}),
            lambda: mine["tibillet.card"].search([]),
            lambda: mine["tibillet.asset"].browse(self.token.id).write({"name": "x"}),
        )
        for act in acts:
            with self.assertRaises(AccessError):
                act()

    def test_the_letter_is_one_page_with_the_real_numbers(self):
        for number in range(20):
            self.make_asset(f"jeton-{number}", "local", self.bar)
        for lang, word, more in (
            ("en_US", "How entries arise", "more are listed"),
            ("fr_FR", "Comment naissent les écritures", "autres"),
        ):
            self.env["res.lang"]._activate_lang(lang)
            letter = self.env["tibillet.book.letter"].with_user(self.auditor)
            pdf = PdfFileReader(io.BytesIO(letter.with_context(lang=lang)._pdf(self.bar)))
            self.assertEqual(pdf.getNumPages(), 1, lang)
            text = " ".join(pdf.getPage(0).extractText().split())
            for wanted in (word, more, "478801", "419701", self.bar.name, "FEC", "0.00"):
                if lang == "fr_FR" and wanted == "0.00":
                    wanted = "0,00"
                self.assertIn(wanted, text, lang)
        with self.assertRaises(AccessError):
            self.env["tibillet.book.letter"].with_user(self.accountant_coop)._pdf(self.bar)


@tagged("post_install", "-at_install")
class TestBooksFiles(HttpCase):
    def test_files_for_who_may_and_nothing_for_others(self):
        company = self.env["res.company"].create({"name": "Le Phare"})
        self.env["account.chart.template"].try_loading("fr", company, install_demo=False)
        for login, groups in (("cabinet", AUDITOR), ("quidam", "base.group_user")):
            new_test_user(
                self.env,
                login=login,
                password=login * 2,
                groups=groups,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
        base = f"/tibillet/books/{company.id}"
        days = "first=2026-01-01&last=2026-01-31"
        urls = (f"{base}/daily.csv?{days}", f"{base}/daily.json?{days}", f"{base}/letter.pdf")
        self.authenticate("cabinet", "cabinet" * 2)
        for url in urls:
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200, url)
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(self.url_open(f"{base}/daily.csv?first=x&last=y").status_code, 404)
        self.assertEqual(self.url_open(f"{base}/daily.csv").status_code, 404)
        other = self.env.ref("base.main_company").id
        self.assertEqual(self.url_open(f"/tibillet/books/{other}/letter.pdf").status_code, 404)
        self.authenticate("quidam", "quidam" * 2)
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 404)
