"""Story 15, the volunteer: two drinks and a meal until 06:00, whatever the hours, never money."""

from odoo.tests import tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..exceptions import SeatsError
from .common import EventCommon
from .test_day_rights import at
from .test_volunteers import evening, shift


@tagged("post_install", "-at_install")
class TestStoryVolunteer(EventCommon):
    def test_shift_change_at_nine(self):
        company = self.env.company
        self.env["tibillet.place"]._of_company(company).tz = "Europe/Paris"
        event = evening(self.env)
        whole = shift(event, "15:00", "23:00")
        short = shift(event, "18:30", "19:00", name="Door")
        people = self.env["res.partner"].create([{"name": "Anna"}, {"name": "Bo"}])
        cards = self.env["tibillet.card"].create([{"company_id": company.id}] * 2)
        for card, who, mission in zip(cards, people, (whole, short), strict=True):
            card.wallet_id.write({"kind": "person", "partner_id": who.id, "company_id": False})
            self.env["tibillet.shift.volunteer"].create(
                {"shift_id": mission.id, "partner_id": who.id}
            )
        soup, beer = self.env["product.product"].create([{"name": "Soup"}, {"name": "Beer"}])
        rights = self.env["tibillet.day.right"].create(
            [
                {"name": "Meal", "product_ids": [(4, soup.id)]},
                {"name": "Drinks", "per_day": 2, "product_ids": [(4, beer.id)]},
            ]
        )
        counted = ("tibillet.account", "tibillet.operation", "tibillet.transfer")
        money = [self.env[name].search_count([]) for name in counted]
        present = self.env["tibillet.shift.volunteer"]._tibillet_present
        self.assertEqual(present(cards[0], at(3, "15:00"))["code"], "came")
        self.assertEqual(present(cards[1], at(3, "18:30"))["code"], "came")
        self.assertEqual(present(cards[1], at(3, "19:00"))["code"], "left")
        # Eight hours or half of one: the same rights, and after leaving too.
        for card, last in zip(cards, (at(4, "03:59"), at(3, "20:00")), strict=True):
            found = rights._of(card, company, last)
            self.assertEqual([n for r, n in found if r in rights], [1, 2])
            rights[0]._take(card, f"{card.id}/meal", soup, last)
            for n in range(2):
                rights[1]._take(card, f"{card.id}/beer/{n}", beer, last)
            for right in rights:
                with self.assertRaises(SeatsError):
                    right._take(card, f"{card.id}/more/{right.id}", None, last)
        self.assertEqual([n for _r, n in rights._of(cards[0], company, at(4, "04:00"))], [])
        self.assertEqual([self.env[name].search_count([]) for name in counted], money)
        cards[1].state = "lost"  # an hour ago
        with self.assertRaises(LedgerError) as caught:
            rights._of(cards[1], company, at(3, "21:00"))
        self.assertEqual(caught.exception.code, "card_lost")
