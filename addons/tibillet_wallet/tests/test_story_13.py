"""Story 13 of the acceptance stories: "Thirteen months later"."""

from odoo.tests import tagged

from .acts_common import ActsCase
from .dormancy_common import DormancyCase
from .test_dormancy_frozen import text_of


@tagged("post_install", "-at_install")
class TestStory13(ActsCase, DormancyCase):
    def test_story_13_thirteen_months_later(self):
        """A known holder (18 €, e-mail), an anonymous card (7.22 €), a venue in liquidation.

        Three notices for the known holder, none possible for the card, nothing moved; keep,
        refund or give in one screen; the venue's token frozen, holders told, claim list
        printed; the federated euro unaffected.
        """
        # The strictest case: an issuer whose terms allow the extinction, accepted by both.
        self.token.write({"extinguish_terms_date": "2020-01-01", "extinguish_allowed": True})
        for wallet in (self.person, self.wallet):
            self.env["tibillet.terms.consent"]._accept(wallet, self.token)
        self.days(1)
        self.load_by("cash", 1800, wallet=self.person)
        self.load_by("cash", 722)
        self.load_by("cash", 500, self.euro, wallet=self.person)
        self.euro.dormancy_months = 24
        before = self.snapshot()
        for _day in range(56):  # thirteen months and two days, looked at every week
            self.days(6)
            self.tell()

        # Three notices for the known holder, and the reminder of the day it fell asleep.
        told = self.notices(self.person, ("delivered",))
        self.assertEqual(told.mapped("why"), ["before_90", "before_30", "before_7", "dormant"])
        self.assertEqual(set(told.mapped("channel")), {"mail"})
        self.assertEqual(set(self.mails().recipient_ids), set(self.person.partner_id))
        self.assertEqual(len(self.mails()), 4)

        # None possible for the card: one is due, nothing could be sent, nothing counts.
        self.assertEqual(self.notices(self.wallet).mapped("state"), ["due", "due"])
        self.assertFalse(self.notices(self.wallet, ("queued", "sent", "delivered", "failed")))
        mine, bearer = self.account(self.person, self.token), self.account(self.wallet, self.token)
        self.assertRefused("not_allowed", self.Dormancy._extinguish, bearer)

        # Nothing moved.
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.token._dormant_minor(), 2522)

        # Keep, refund or give in one screen; each alone, on the same money.
        asked = {"wallet_id": self.person.id, "card_id": False, "asset_id": self.token.id}
        self.place_card(self.person)
        for choice, expected in (("keep", 1800), ("refund", 0), ("give", 0)):
            with self.subTest(choice), self.env.cr.savepoint() as savepoint:
                shown = self.preview(
                    "tibillet.act.choice", **asked, choice=choice, means="cash", reason="Story"
                )
                self.assertFalse(shown["refusal"])
                answer = self.confirm(
                    "tibillet.act.choice", **asked, choice=choice, means="cash", amount=18.0
                )
                self.assertDone(answer)
                self.assertEqual(mine._balance(), expected)
                self.assertEqual(self.state(self.person), "awake")
                savepoint.rollback()
                self.env.invalidate_all()

        # The venue is wound up: its token frozen, its holders told, the claims printed.
        self.token.with_user(self.by_role["manager"]).action_freeze()
        self.post_office()
        self.assertIn("wound up", self.mails()[-1].body_html)
        self.assertEqual(self.mails()[-1].recipient_ids, self.person.partner_id)
        self.assertIn("frozen", self.Notice._reminder(self.wallet)["message"])
        self.assertRefused("asset_not_accepted", self.spend, 100, wallet=self.wallet)
        self.assertRefused("wallet_frozen", self.Dormancy._extinguish, mine)
        claims = text_of(self.token._claim_list_pdf())
        for words in ("Claire Le Goff", "18.00 €", self.card.number, "7.22 €", "25.22 €"):
            self.assertIn(words, claims)

        # The federated euro goes on.
        self.env["tibillet.acceptance"].create(
            {"asset_id": self.euro.id, "company_id": self.bar.id}
        ).sudo().write({"state": "active", "contract_date": "2020-01-01", "countersigned_by_id": 1})
        sale = self.spend(500, wallet=self.person)
        self.assertEqual(sale.transfer_ids.asset_id, self.euro)

    def place_card(self, wallet):
        """The person shows a card of the venue at its desk."""
        card = self.env["tibillet.card"].create({"company_id": self.bar.id, "state": "claimed"})
        card.sudo().wallet_id = wallet
        return card
