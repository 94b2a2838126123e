from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server, MailDeliveryException

from .dormancy_common import DormancyCase

DELIVERY_STATUS = """From: Mail Delivery System <MAILER-DAEMON@example.org>
To: {bounce}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-1@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain; charset=us-ascii

This user is not known here.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--part
Content-Type: text/rfc822-headers

Message-Id: {message_id}
To: {address}

--part--
"""


@tagged("post_install", "-at_install")
class TestDormancyNotices(DormancyCase):
    def asleep(self, wallet=None, amount_minor=1800, asset=None):
        """A wallet that slept a year and a day."""
        code = "issue" if asset == self.hours else "topup"
        self.load(amount_minor, asset, wallet=wallet or self.person, code=code)
        self.days(366)
        self.sweep()

    # -- by mail ----------------------------------------------------------------------------

    def test_a_notice_is_called_by_its_reason_and_card(self):
        self.load(1000)
        self.days(400)
        self.sweep()
        [notice] = self.notices(self.wallet)[:1]
        self.assertEqual(notice.display_name, f"Dormant · {self.card.number}")

    def test_a_mail_counts_a_day_after_it_left(self):
        self.asleep()
        notice = self.notices(self.person)[0]
        self.assertEqual((notice.why, notice.state, notice.channel), ("dormant", "due", False))
        self.post_office()
        self.assertEqual((notice.state, notice.channel), ("sent", "mail"))
        self.assertFalse(notice.delivered_at)
        self.days(1)
        self.post_office()
        self.assertEqual(notice.state, "delivered")
        self.assertEqual(notice.delivered_at, notice.sent_at)
        self.assertEqual(len(self.mails()), 1, "one reminder, one mail")

    def test_deciding_sends_nothing(self):
        """The mail is a row that Odoo's queue sends after the commit."""
        self.asleep()
        with patch.object(IrMail_Server, "send_email") as smtp:
            self.Notice._send_batch()
        smtp.assert_not_called()
        self.assertEqual(self.mails().state, "outgoing")
        self.assertEqual(self.notices(self.person)[0].state, "queued")

    def test_what_the_mail_says(self):
        self.load(500, self.euro, wallet=self.person)
        self.env["tibillet.acceptance"].create(
            {"asset_id": self.token.id, "company_id": self.coop.id}
        ).sudo().write({"state": "active", "contract_date": "2020-01-01", "countersigned_by_id": 1})
        self.asleep()
        self.post_office()
        mail = self.mails()
        self.assertEqual(len(mail), 1, "two issuers, one person, one mail")
        self.assertEqual(mail.recipient_ids, self.person.partner_id)
        self.assertIn("coop@example.org", mail.reply_to)
        for words in ("Claire", "18.00", "5.00", "Le Phare, La Coop", "Keep it", "refund", "Give"):
            self.assertIn(words, mail.body_html)
        self.assertFalse(mail.model, "who reads a notice does not read the mail")
        self.assertEqual(
            set(self.notices(self.person).filtered("mail_id").company_id), {*self.bar, *self.coop}
        )

    def test_the_mail_speaks_the_holders_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["tibillet_wallet"], ["fr_FR"])
        self.person.partner_id.lang = "fr_FR"
        self.asleep()
        self.post_office()
        mail = self.mails()
        self.assertIn("Ce qui dort sur votre carte", mail.subject)
        for words in ("Gardez", "rembourser", "Donnez", "18,00"):
            self.assertIn(words, mail.body_html)
        self.assertNotIn("Keep it", mail.body_html)

    def test_nothing_to_refund_is_not_offered(self):
        self.asleep(asset=self.hours, amount_minor=45)
        self.post_office()
        self.assertNotIn("refunded", self.mails().body_html)

    def test_a_mail_server_that_refuses_is_tried_again_and_does_not_count(self):
        self.asleep()
        refused = patch.object(
            IrMail_Server, "send_email", side_effect=MailDeliveryException("no", "no")
        )
        with refused, mute_logger("odoo.addons.mail.models.mail_mail"):
            self.post_office()
        notice = self.notices(self.person)[0]
        self.assertEqual(notice.state, "failed")
        self.assertTrue(notice.failure_text)
        self.days(2)
        self.Notice._read_deliveries()
        self.assertEqual(notice.state, "failed", "time does not deliver what was not sent")
        self.Notice._retry_by_itself()
        self.assertEqual((notice.state, notice.tries), ("queued", 1))
        self.post_office()
        self.assertEqual((notice.state, notice.failure), ("sent", False))

    def test_it_is_not_tried_by_itself_for_ever(self):
        self.asleep()
        notice = self.notices(self.person)[0]
        refused = patch.object(
            IrMail_Server, "send_email", side_effect=MailDeliveryException("no", "no")
        )
        with refused, mute_logger("odoo.addons.mail.models.mail_mail"):
            for _night in range(8):
                self.Notice._retry_by_itself()
                self.post_office()
        self.assertEqual((notice.state, notice.tries), ("failed", 5))

    def test_a_wrong_address_waits_for_a_manager(self):
        self.asleep()
        self.Notice._send_batch()
        self.person.partner_id.email = "not an address"
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.post_office()
        notice = self.notices(self.person)[0]
        self.assertEqual(notice.state, "failed")
        self.Notice._retry_by_itself()
        self.assertEqual(notice.state, "failed")
        with self.assertRaises(AccessError):
            notice.with_user(self.accountant_bar).action_retry()
        with self.assertRaises(AccessError):
            notice.with_user(self.manager_coop).action_retry()
        self.person.partner_id.email = "claire@example.net"
        notice.with_user(self.manager_bar).action_retry()
        self.post_office()
        self.assertEqual(notice.state, "sent")

    def test_a_bounce_does_not_count_and_takes_a_delivery_back(self):
        self.asleep()
        self.tell()
        notice = self.notices(self.person)[0]
        self.assertEqual(notice.state, "delivered")
        self.days(5)
        self.bounce(self.mails())
        self.Notice._read_deliveries()
        self.assertEqual((notice.state, notice.failure), ("failed", "bounce"))
        self.assertFalse(notice.delivered_at)
        self.Notice._retry_by_itself()
        self.assertEqual(notice.state, "failed", "an address that bounces is a person's work")

    def bounce(self, mail):
        """What a mail server answers when the box does not exist, through Odoo's gateway."""
        domain = self.env["mail.alias.domain"].create({"name": "phare.example", "company_ids": []})
        report = DELIVERY_STATUS.format(
            bounce=domain.bounce_email, address="claire@example.org", message_id=mail.message_id
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process("res.partner", report)

    def test_a_cancelled_or_deleted_mail_does_not_count(self):
        for act in ("cancel", "unlink"):
            with self.subTest(act):
                wallet = self.make_person(act, f"{act}@example.org")
                self.asleep(wallet)
                self.Notice._send_batch()
                mail = self.notices(wallet).mail_id
                getattr(mail, act)()
                self.days(3)
                self.Notice._read_deliveries()
                self.assertEqual(self.notices(wallet)[0].state, "failed")

    def test_once_a_year(self):
        self.asleep()
        self.tell()
        self.days(300)
        self.tell()
        self.assertEqual(len(self.mails()), 1)
        self.days(70)
        self.tell()
        self.assertEqual(
            self.notices(self.person, ("delivered",)).mapped("why"), ["dormant", "yearly"]
        )
        self.days(366)
        self.tell()
        self.assertEqual(len(self.mails()), 3)

    def test_a_server_that_slept_sends_one_mail(self):
        self.load(1800, wallet=self.person)
        self.days(366 * 4)
        self.tell()
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(self.notices(self.person, ("delivered",)).turn, 3)

    def test_an_act_makes_the_rest_needless(self):
        self.asleep()
        self.Notice._send_batch()
        mail = self.mails()
        self.spend(100, wallet=self.person)
        self.sweep()
        self.assertFalse(self.notices(self.person))
        self.assertEqual(mail.state, "cancel", "it had not left")
        self.days(366)
        self.sweep()
        self.post_office()
        self.assertEqual(len(self.mails()), 2, "a new sleep is told anew")

    def test_a_hundred_holders_cost_what_ten_do_per_mail(self):
        """Writing mails: statements grow with Odoo's own queue, not with what is held."""
        counts = []
        for wanted in (10, 40):
            for serial in range(wanted):
                self.load(100, wallet=self.make_person(f"P{serial}", f"p{serial}@example.org"))
            self.days(366)
            self.sweep()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            written = self.Notice._send_batch()
            self.env.flush_all()
            counts.append((self.env.cr.sql_log_count - before) / written)
            self.assertGreaterEqual(written, wanted)
        self.assertLess(counts[1], counts[0])

    def test_old_mails_are_deleted(self):
        self.asleep()
        self.tell()
        mail = self.mails()
        self.days(70)
        self.Notice._forget_mails()
        self.assertFalse(mail.exists())
        self.Notice._read_deliveries()
        self.assertEqual(self.notices(self.person)[0].state, "delivered", "the fact is kept")

    # -- till, receipt, page of the card -------------------------------------------------------

    def test_an_anonymous_card_is_told_when_it_is_shown(self):
        self.asleep(self.wallet)
        self.tell()
        self.assertFalse(self.mails())
        notice = self.notices(self.wallet)[0]
        self.assertEqual(notice.state, "due")
        reminder = self.Notice._reminder(self.wallet)
        shown = self.Notice._shown(self.wallet, "till", reminder["key"])
        self.assertEqual(shown, notice)
        self.assertEqual((notice.state, notice.channel), ("delivered", "till"))
        self.assertIsNone(self.Notice._reminder(self.wallet))
        at = notice.delivered_at
        self.days(1)
        again = self.Notice._shown(self.wallet, "till", reminder["key"])
        self.assertEqual((again, notice.delivered_at), (notice, at), "once")

    def test_each_surface_counts_and_a_new_key_shows_nothing_twice(self):
        for channel in ("till", "receipt", "qr"):
            card = self.env["tibillet.card"].create({"state": "anonymous"})
            self.asleep(card.wallet_id, 100)
            self.assertEqual(len(self.Notice._shown(card.wallet_id, channel, "k1")), 1)
            self.assertFalse(self.Notice._shown(card.wallet_id, channel, "k2"))

    def test_what_is_not_due_yet_is_not_shown(self):
        self.asleep(self.wallet)
        self.Notice._shown(self.wallet, "till", "k1")
        comes_next = self.notices(self.wallet, ("due",))
        self.assertEqual(comes_next.why, "yearly")
        self.assertGreater(comes_next.due_at, self.in_minutes(0))
        self.assertFalse(self.Notice._shown(self.wallet, "till", "k2"))

    def test_a_surface_that_is_none_is_refused(self):
        for channel, key in (("mail", "k"), ("sms", "k"), ("till", ""), ("till", None)):
            self.assertRefused("invalid", self.Notice._shown, self.wallet, channel, key)

    def test_the_reminder_tells_no_figure_and_no_name(self):
        self.asleep(self.person)
        sentence = self.Notice._reminder(self.person)["message"]
        for secret in ("18", "Claire", "€", "Jeton"):
            self.assertNotIn(secret, sentence)

    def test_a_reminder_is_one_query(self):
        self.asleep(self.wallet)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.Notice._reminder(self.wallet)

    def test_a_failed_mail_is_made_good_by_a_tap(self):
        self.asleep()
        self.Notice._send_batch()
        self.mails().cancel()
        self.Notice._read_deliveries()
        self.Notice._shown(self.person, "receipt", "r1")
        notice = self.notices(self.person)[0]
        self.assertEqual((notice.state, notice.channel), ("delivered", "receipt"))
        self.days(2)
        self.Notice._read_deliveries()
        self.assertEqual(notice.state, "delivered")

    # -- who sees them --------------------------------------------------------------------------

    def test_the_issuer_alone_lists_its_notices(self):
        self.asleep()
        notices = self.Notice.with_user(self.accountant_bar).search([])
        self.assertEqual(set(notices.company_id), {self.bar})
        self.assertFalse(self.Notice.with_user(self.accountant_coop).search([]))
        self.assertNotIn("Claire", str(notices.read()))

    def test_a_list_costs_the_same_queries(self):
        for serial in range(30):
            self.load(100, wallet=self.make_person(f"P{serial}", f"p{serial}@example.org"))
        self.days(366)
        self.sweep()
        counts = []
        for limit in (1, 5, 50):
            self.env.invalidate_all()
            rows = self.Notice.with_user(self.accountant_bar).search([], limit=limit)
            before = self.env.cr.sql_log_count
            rows.read(["wallet_text", "asset_id", "why", "failure_text", "state"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
