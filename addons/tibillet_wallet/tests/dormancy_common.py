"""A known holder, an anonymous card, and a year that passes."""

from unittest.mock import MagicMock, patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import WalletCase

DAY = 24 * 60


class DormancyCase(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Dormancy = cls.env["tibillet.dormancy"]
        cls.Notice = cls.env["tibillet.notice"]
        cls.bar.email = "phare@example.org"
        cls.coop.email = "coop@example.org"
        cls.smtp = MagicMock(from_filter=False, smtp_from=False)
        # The SMTP server is outside the machine; everything up to it is Odoo's own.
        for name, double in (
            ("_disable_send", lambda self: False),
            ("_connect__", lambda self, *args, **kwargs: cls.smtp),
        ):
            cls.startClassPatcher(patch.object(IrMail_Server, name, double))
        cls.person = cls.make_person("Claire Le Goff", "claire@example.org")

    @classmethod
    def make_person(cls, name, email, lang="en_US"):
        """The wallet of a person with an address."""
        partner = cls.env["res.partner"].create({"name": name, "email": email, "lang": lang})
        return cls.env["tibillet.wallet"].create({"kind": "person", "partner_id": partner.id})

    def days(self, count):
        self.wait(count * DAY)

    def sweep(self):
        """What the night does."""
        self.Dormancy._wake()
        self.Dormancy._mark()
        self.Notice._plan()

    def post_office(self):
        """What the hour does: mails are written, Odoo's queue sends them, their fate is read."""
        self.Notice._read_deliveries()
        self.Notice._plan()
        while self.Notice._send_batch():
            pass
        self.mails().filtered(lambda mail: mail.state == "outgoing").send()
        self.Notice._read_deliveries()

    def tell(self):
        """A night, an hour and the day after which a mail counts."""
        self.sweep()
        self.post_office()
        self.days(1)
        self.post_office()

    def mails(self):
        return self.env["mail.mail"].search(
            [("id", "in", self.notices(states=None).mail_id.ids)], order="id"
        )

    def notices(self, wallet=None, states=("due", "queued", "sent", "delivered", "failed")):
        domain = [("wallet_id", "=", wallet.id)] if wallet else []
        if states:
            domain.append(("state", "in", states))
        return self.Notice.search(domain, order="id")

    def row(self, wallet=None, asset=None):
        return self.Dormancy._of(self.account(wallet or self.wallet, asset or self.token))

    def state(self, wallet=None, asset=None):
        return self.row(wallet, asset).state
