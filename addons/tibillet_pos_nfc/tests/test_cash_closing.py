import csv
import io
import json

import psycopg2
from openpyxl import load_workbook
from reportlab.pdfbase import pdfmetrics

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.cash.closing_print import FONT
from ..models.cash.tibillet_closing import seal
from .cardpage_common import CardActs
from .test_cash_drawer import DrawerCase


@tagged("post_install", "-at_install")
class TestCashClosing(CardActs, DrawerCase):
    """The Z tells what happened, adds up, and stays as it was written."""

    def night(self):
        """Card and cash sales, a refund, a discount, an offer, a top-up, a reprint."""
        sale = self.sell()
        self.cash_sale(10.0)
        values = self.order_values([(self.bank, 3.0, False)], [(self.beer, 1, 3.0)])
        values["lines"][0][2].update({"price_unit": 6.0, "discount": 50})
        self.sync(values)
        values = self.order_values([], [(self.crisps, 1, 0.0)])
        team = self.env["tibillet.offer.reason"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.config.tibillet_offer_limit = 5
        values["lines"][0][2].update(
            {"price_unit": 2.5, "discount": 100, "tibillet_offer_reason_id": team.id}
        )
        self.sync(values)
        for amount_minor in (1000, 2000, 6000):
            self.load_by("cash", amount_minor)
        values = self.order_values([(self.cash, -10.0, False)], [(self.beer, -1, 10.0)])
        self.sync(values)
        sale.sudo().nb_print = 3
        self.till_session.tibillet_drawer_opened()
        self.count("240")
        return self.close(240)

    def test_the_clock_is_the_places(self):
        self.env["tibillet.place"]._of_company(self.company).tz = "Pacific/Noumea"
        self.till_manager.tz = self.cashier.tz = "Europe/Paris"
        self.assertEqual(self.close(150).content["timezone"], "Pacific/Noumea")

    def test_sections(self):
        closing = self.night()
        content = closing.content
        self.assertEqual(
            content["turnover"], {"gross": 900, "net": 750, "vat": 150, "given": 0, "orders": 8}
        )
        self.assertEqual(
            content["moved"], [{"nature": "topup", "side": "in", "qty": 3.0, "amount": 9000}]
        )
        self.assertEqual(
            {row["name"]: row["amount"] for row in content["methods"]},
            {self.cash.name: 9000, self.method.name: 600, self.bank.name: 300},
        )
        [asset] = content["assets"]
        self.assertEqual((asset["asset"], asset["amount"], asset["value"]), ("jeton", 600, 600))
        events = content["events"]
        self.assertEqual((events["discounts"], events["offered"]), (300, 250))
        self.assertEqual(content["offers"], [{"reason": "Team", "qty": 1.0, "amount": 250}])
        self.assertEqual((events["refunds"], events["refunds_amount"]), (1, -1000))
        self.assertEqual((events["duplicates"], events["drawer_openings"]), (2, 1))
        self.assertEqual(content["habits"]["median_topup"], 2000, "the mean would be 3000")
        self.assertEqual(content["habits"]["cards"], 1)
        [vat] = content["vat"]
        self.assertEqual((vat["rate"], vat["net"], vat["vat"]), (20, 750, 150))
        self.assertEqual(content["checks"]["orders"], content["checks"]["payments"])
        self.assertEqual(content["cash"]["sales"], 9000)
        self.assertEqual(content["rounding"], 0)
        sold_for_ten = [row for row in content["products"] if row["price"] == 1000]
        self.assertEqual(
            [(row["qty"], row["returned"], row["gross"]) for row in sold_for_ten], [(0, 1, 0)]
        )
        self.assertEqual(
            [(row["code"], row["means"], row["amount"]) for row in content["operations"]],
            [("sale", None, 600), ("topup", "cash", 9000)],
        )

    def test_cups_sold_and_brought_back_stand_apart(self):
        figures = self.env["tibillet.figures"]
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "list_price": 1.0,
                "company_id": self.company.id,
                "tibillet_deposit": True,
                "taxes_id": False,
            }
        )
        self.assertEqual(figures._moved_products(self.company)[cup.id], "deposit")
        lines = [
            {"product_id": cup.id, "qty": 3, "gross": 300},
            {"product_id": cup.id, "qty": -2, "gross": -200},
            {"product_id": self.beer.id, "qty": 1, "gross": 600},
        ]
        self.assertEqual(
            figures._moved(lines, {cup.id: "deposit"}),
            [
                {"nature": "deposit", "side": "in", "qty": 3, "amount": 300},
                {"nature": "deposit", "side": "out", "qty": 2, "amount": -200},
            ],
        )

    def test_orders_given_up_are_told(self):
        order = self.sync(self.order_values([], state="draft"))
        order.action_pos_order_cancel()
        self.count("150")
        self.assertEqual(self.close(150).content["events"]["voids"], 1)

    def test_numbers_without_gap_and_perpetual_total(self):
        first = self.night()
        self.start(240.0)
        self.cash_sale(5.0)
        self.count("245")
        second = self.close(245)
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(first.content["perpetual"], 900)
        self.assertEqual(
            (second.content["perpetual_before"], second.content["perpetual"]), (900, 1400)
        )
        self.assertEqual(second.previous_seal, first.seal)
        self.assertTrue(first.intact and second.intact)

    def test_a_z_never_changes(self):
        closing = self.night()
        manager = closing.with_user(self.till_manager)
        for act in (lambda: manager.write({"number": 7}), manager.unlink, manager.copy):
            with self.assertRaises(AccessError):
                act()
        for statement in (
            "UPDATE tibillet_closing SET number = 7 WHERE id = %s",
            "DELETE FROM tibillet_closing WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [closing.id])

    def test_a_changed_z_is_seen(self):
        closing = self.night()
        changed = json.loads(json.dumps(closing.content))
        changed["turnover"]["gross"] += 1
        self.assertNotEqual(seal(closing.previous_seal, changed), closing.seal)
        self.env.cr.execute("ALTER TABLE tibillet_closing DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE tibillet_closing SET content = %s WHERE id = %s",
            [json.dumps(changed), closing.id],
        )
        closing.invalidate_recordset()
        self.assertFalse(closing.intact)

    def test_preview_has_no_number(self):
        self.cash_sale()
        content = self.till_session.with_user(self.till_manager)._tibillet_preview()
        self.assertEqual((content["number"], content["turnover"]["gross"]), (0, 600))
        self.assertFalse(self.env["tibillet.closing"].search([("config_id", "=", self.config.id)]))
        with self.assertRaises(AccessError):
            self.till_session._tibillet_preview()

    def test_every_sign_of_a_formula_is_printed(self):
        """A sign that the font lacks is left out on paper: a minus, and the formula is another."""
        self.env["res.lang"]._activate_lang("fr_FR")
        closing = self.night()
        for lang in ("en_US", "fr_FR"):
            page = self.env["tibillet.closing.page"].with_context(lang=lang)
            page._pdf(closing.content, closing.seal)  # the font is known from here on
            signs = pdfmetrics.getFont(FONT).face.charToGlyph
            sections = page._sections(closing.content)
            told = "".join(part for s in sections for part in (s.title, s.formula, *s.head))
            self.assertIn("\N{MINUS SIGN}", told)
            self.assertFalse([sign for sign in page._printed(told) if ord(sign) not in signs])

    def test_files(self):
        closing = self.night()
        page = self.env["tibillet.closing.page"]
        self.assertTrue(page._pdf(closing.content, closing.seal).startswith(b"%PDF"))
        rows = list(
            csv.reader(io.StringIO(page._csv(closing.content).decode("utf-8-sig")), delimiter=";")
        )
        self.assertIn(["Turnover", "Gross", "9.0"], rows)
        sheet = load_workbook(io.BytesIO(page._xlsx(closing.content))).active
        cells = {row[0].value: row[1].value for row in sheet.iter_rows(min_col=1, max_col=2)}
        self.assertEqual(cells["Gross"], 9)
        self.assertEqual(closing.html.count("<h3>"), len(page._sections(closing.content)))

    def test_a_name_is_no_formula(self):
        page = self.env["tibillet.closing.page"]
        self.assertEqual(page._inert("=HYPERLINK()"), "'=HYPERLINK()")

    def test_files_over_the_network(self):
        closing = self.night()
        for user, status in ((self.till_manager, 200), (self.accountant, 200), (self.cashier, 404)):
            self.authenticate(user.login, user.login)
            for kind in ("pdf", "csv", "xlsx"):
                answer = self.url_open(f"/tibillet/closing/{closing.id}.{kind}")
                self.assertEqual(answer.status_code, status, (user.login, kind))

    def test_as_many_queries_for_many_orders(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["tibillet.figures"]._compute_figures(self.till_session.sudo())
            return self.env.cr.sql_log_count - before

        self.cash_sale()
        self.sell()
        queries()  # what is read once and kept, aside
        few = queries()
        for _index in range(5):
            self.cash_sale()
            self.sell(1.0)
        self.assertEqual(queries(), few)
        self.assertLess(few, 60)
