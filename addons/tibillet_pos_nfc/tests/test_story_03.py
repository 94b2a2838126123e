import uuid

from odoo.tests import tagged

from .test_undo_dispute import DisputeCase


@tagged("post_install", "-at_install")
class TestStory03(DisputeCase):
    """Story 3, wrong basket, charged twice: a cashier taps a colleague's basket on the wrong
    visitor's card, the colleague taps again."""

    def test_wrong_basket_charged_twice(self):
        self.load(self.card, 250, self.gift)
        self.load(self.other_card, 2000)
        stock = self.beer.with_company(self.company).qty_available

        # two taps of the same basket, sent twice with one key, are one
        key, seq = str(uuid.uuid4()), self.next_seq()
        first, again = (self.tap(key=key, seq=seq) for _tap in range(2))
        self.assertEqual(first["split"], again["split"])
        self.assertEqual((self.free(asset=self.gift), self.free()), (0, 1650))
        wrong = self.sale([(self.method, 6.0, key)])
        # the colleague charges the same basket again, a minute later
        self.wait(1)
        twice = self.sale()

        # undo in two touches: the last one, by a cashier
        self.assertUndone(self.undo(twice), twice)
        # the first one is older: a manager, with the reason
        self.assertFalse(self.undo(wrong)["ok"])
        answer = self.undo(wrong, user=self.till_manager, reason="Wrong card")
        undo = self.assertUndone(answer, wrong)
        # gift back to gift, money to money, stock back, a sealed negative order
        self.assertEqual((self.free(asset=self.gift), self.free()), (250, 2000))
        self.beer.invalidate_recordset()
        self.assertEqual(self.beer.with_company(self.company).qty_available, stock)
        if "l10n_fr_hash" in undo._fields:
            self.assertTrue(undo.l10n_fr_hash)

        # the dispute is found by card number in one search
        search = self.dispute("TEST2345")
        self.assertEqual(search.line_ids.order_id, wrong | twice)
        self.assertTrue(all(search.line_ids.mapped("is_double")))
        self.assertEqual(search.line_ids.mapped("back"), [6.0, 6.0])
