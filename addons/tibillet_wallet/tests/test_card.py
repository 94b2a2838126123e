from odoo.tests import tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestCard(WalletCase):
    def test_uid_is_kept_whole(self):
        Card = self.env["tibillet.card"]
        self.assertEqual(Card._by_uid("04:a1:b2:c3:d4:e5:f6"), self.card)
        self.assertRefused("card_unknown", Card._by_uid, "04A1B2C3")
        for uid in ("DEADBEEF", "04A1B2C3D4E5F7", "04A1B2C3D4E5F6A7B8C9"):
            card = Card.create({"uid": uid, "company_id": self.bar.id})
            self.assertEqual(Card._by_uid(uid.lower()), card)

    def test_refusals(self):
        Card = self.env["tibillet.card"]
        self.assertRefused("card_unknown", Card._by_uid, "11223344")
        self.assertRefused("not_our_card", Card._by_uid, "08A1B2C3")
        for text in ("", "zz", "04A1B2", "04A1B2C3D4"):
            self.assertRefused("invalid", Card._by_uid, text)
        self.card.state = "lost"
        self.assertRefused("card_lost", Card._by_uid, self.card.uid)
        self.card.state = "blocked"
        self.assertRefused("card_blocked", Card._by_uid, self.card.uid)

    def test_numbers_and_tokens_are_drawn(self):
        cards = self.env["tibillet.card"].create([{"company_id": self.bar.id}] * 50)
        self.assertEqual(len(set(cards.mapped("number"))), 50)
        self.assertEqual({len(token) for token in cards.mapped("token")}, {22})
        self.assertEqual(len(cards.wallet_id), 50)

    def test_a_card_of_a_wallet_that_exists_opens_no_second_one(self):
        Wallet = self.env["tibillet.wallet"]
        before = Wallet.search_count([])
        cards = self.env["tibillet.card"].create(
            [
                {"company_id": self.bar.id, "wallet_id": self.wallet.id},
                {"company_id": self.bar.id},
            ]
        )
        self.assertEqual(cards[0].wallet_id, self.wallet)
        self.assertNotEqual(cards[1].wallet_id, self.wallet)
        self.assertEqual(Wallet.search_count([]), before + 1)
