"""Mails about a place bear its ticket; Odoo's prints and mails show no number as if it were one."""

import base64
import io
from unittest.mock import patch

import zxingcpp
from lxml import html
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .prints_common import PrintsCase
from .refunds_common import DAY

FULL_PAGE = "event.action_report_event_registration_full_page_ticket"
BADGE = "event.action_report_event_registration_badge"


@tagged("post_install", "-at_install")
class TestPrintsMails(PrintsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.concert.event_mail_ids.unlink()
        cls.confirmation = cls.scheduler("event.event_subscription", "after_sub")

    @classmethod
    def scheduler(cls, template, kind, **values):
        return cls.env["event.mail"].create(
            {
                "event_id": cls.concert.id,
                "interval_unit": "now",
                "interval_type": kind,
                "template_ref": f"mail.template,{cls.env.ref(template).id}",
                **values,
            }
        )

    def mails(self, act):
        """Mails about places that an act queues, by registration."""
        before = self.env["mail.mail"].search([])
        act()
        new = self.env["mail.mail"].search([]) - before
        return new.filtered(lambda one: one.model == "event.registration")

    def pages(self, mail):
        """Words of the PDF that a mail bears; one at most."""
        files = mail.attachment_ids.filtered(lambda one: one.mimetype == "application/pdf")
        self.assertLessEqual(len(files), 1)
        return self.texts(files.raw) if files else []

    def test_the_confirmation_bears_the_ticket(self):
        tickets = self.tickets(self.order(2))
        mails = self.mails(self.confirmation.execute)
        self.assertEqual(sorted(mails.mapped("res_id")), tickets.ids)
        for mail in mails:
            ticket = tickets.browse(mail.res_id)
            [page] = self.pages(mail)
            self.assertIn(ticket.tibillet_number, page)
            [name] = mail.attachment_ids.mapped("name")
            self.assertEqual(name, ticket._tibillet_pdf_name())
            self.assertNotIn(ticket.name, name)

    def test_its_language_is_the_holder_s(self):
        self.buyer.lang = "fr_FR"
        self.tickets(self.order(1))
        [mail] = self.mails(self.confirmation.execute)
        self.assertIn("Prix payé", "".join(self.pages(mail)))
        self.assertRegex(mail.attachment_ids.name, r"^ticket-fest-noz-dete-[0-9a-z-]+\.pdf$")

    def test_the_code_in_the_mail_is_the_ticket_s(self):
        [ticket] = self.tickets(self.order(1))
        [mail] = self.mails(self.confirmation.execute)
        self.assertNotIn("/report/barcode/", mail.body_html)
        [image] = html.fromstring(mail.body_html).xpath("//img[contains(@src, '/my/ticket/')]")
        path = image.get("src").removeprefix(self.concert.get_base_url())
        self.env.flush_all()
        self.authenticate(None, None)
        answer = self.url_open(path)
        [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)).convert("L"))
        self.assertEqual(found.text, ticket.tibillet_ticket_text)
        ticket.action_cancel()
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 404, "gone with the ticket")

    def test_a_mail_goes_without_a_ticket_that_is_not_ready(self):
        [ticket] = self.tickets(self.order(1))
        with patch.object(
            type(ticket), "_tibillet_not_printed", lambda one: "Not ready: try again."
        ):
            [mail] = self.mails(self.confirmation.execute)
            self.assertFalse(mail.attachment_ids)
            self.assertIn(ticket._tibillet_page_url(), mail.body_html)
            self.assertFalse(self.confirmation.error_datetime)
            with self.assertRaisesRegex(UserError, "Not ready"):
                self.env["ir.actions.report"]._render_qweb_pdf(FULL_PAGE, ticket.ids)

    def test_who_is_given_a_ticket_has_it(self):
        [ticket] = self.tickets(self.order(1))
        ticket.email = self.buyer.email
        after = []
        mails = self.mails(lambda: after.append(ticket._tibillet_give("Bo Li", "bo@example.com")))
        [yours] = mails.filtered(lambda one: one.res_id == after[0].id and self.pages(one))
        self.assertEqual(yours.email_to, "bo@example.com")
        self.assertIn(after[0].tibillet_number, self.pages(yours)[0])
        for other in mails - yours:
            self.assertFalse(self.pages(other), "whoever gave it has no print of it")

    def test_a_moved_event_sends_the_ticket_with_its_new_date(self):
        [ticket] = self.tickets(self.order(1))
        ticket.email = self.buyer.email
        begin = self.concert.date_begin
        self.concert.write(
            {"date_begin": begin + 2 * DAY, "date_end": self.concert.date_end + 2 * DAY}
        )
        ticket._tibillet_notify("moved", begin)
        [mail] = self.mails(lambda: ticket._tibillet_tell(self.concert, "moved"))
        [page] = self.pages(mail)
        self.assertIn(self.concert._tibillet_when(), " ".join(page.split()))
        self.assertTrue(mail.attachment_ids.filtered(lambda one: one.name.endswith(".ics")))

    def test_the_sender_is_the_place(self):
        other = self.env["res.company"].create({"name": "La Cale", "email": "cale@example.com"})
        self.env.user.company_ids |= other
        self.concert.organizer_id = False
        self.company.email = "phare@example.com"
        self.tickets(self.order(1))
        execute = self.confirmation.with_company(other).execute  # the clock's own company
        [mail] = self.mails(execute)
        self.assertIn("phare@example.com", mail.email_from)
        self.assertEqual(mail.author_id, self.company.partner_id)
        self.assertNotIn("cale", mail.reply_to or "")

    # -- Odoo's own prints -----------------------------------------------------------------------

    def test_odoo_s_report_is_our_pdf(self):
        tickets = self.tickets(self.order(2))
        report = self.env["ir.actions.report"]
        data, kind = report._render_qweb_pdf(FULL_PAGE, tickets.ids)
        self.assertEqual((kind, len(self.texts(data))), ("pdf", 2))
        with patch.object(type(report), "get_wkhtmltopdf_state", lambda self: "install"):
            data, kind = report._render_qweb_pdf(BADGE, tickets[0].id)
        self.assertEqual((kind, len(self.texts(data))), ("pdf", 1))
        nobody = new_test_user(self.env, login="employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            report.with_user(nobody)._render_qweb_pdf(FULL_PAGE, tickets.ids)

    def test_badges_show_the_ticket_s_code(self):
        [ticket] = self.tickets(self.order(1))
        ticket._tibillet_numbered()
        self.env["ir.config_parameter"].set_param("event.use_event_barcode", "True")
        report = self.env["ir.actions.report"]
        for form in ("A4_french_fold", "A6", "four_per_sheet"):
            self.concert.badge_format = form
            page = html.fromstring(report._render_qweb_html(BADGE, ticket.ids)[0])
            self.assert_own_code(page, ticket)
        page = html.fromstring(report._render_qweb_html(FULL_PAGE, ticket.ids)[0])
        self.assert_own_code(page, ticket)
        ticket.action_cancel()
        page = html.fromstring(report._render_qweb_html(BADGE, ticket.ids)[0])
        self.assertFalse(page.xpath("//img[@alt='Code of the ticket']"))

    def assert_own_code(self, page, ticket):
        said = html.tostring(page, encoding="unicode")
        self.assertNotIn(ticket.barcode, said)
        self.assertNotIn("/report/barcode", said)
        codes = page.xpath("//img[@alt='Code of the ticket']/@src")
        self.assertTrue(codes)
        for code in codes:
            data = base64.b64decode(code.removeprefix("data:image/png;base64,"))
            [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(data)).convert("L"))
            self.assertEqual(found.text, ticket.tibillet_ticket_text)
