from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestLedgerViews(WalletCase):
    def test_what_an_accountant_reads(self):
        self.load(1000, self.gift, code="gift")
        self.load(1000)
        op = self.spend(1200, card=self.card).with_user(self.accountant_bar)
        self.assertEqual(
            op.amount_text, "10.00\N{NO-BREAK SPACE}€ Cadeau + 2.00\N{NO-BREAK SPACE}€ Jeton"
        )
        self.assertEqual(op.transfer_ids.mapped("amount_text")[-1], "10.00\N{NO-BREAK SPACE}€")
        card = self.card.with_user(self.accountant_bar)
        self.assertEqual(
            {account.asset_id.code: account.balance_text for account in card.account_ids},
            {"cadeau": "0.00\N{NO-BREAK SPACE}€", "jeton": "8.00\N{NO-BREAK SPACE}€"},
        )
        self.assertEqual(self.card.operation_ids.with_user(self.accountant_bar), op)

    def test_an_operation_is_called_by_what_it_was(self):
        op = self.load(1000)
        self.assertEqual(op.display_name, f"Top-up no. {op.id}")
        self.assertNotIn(op.key, op.display_name)

    def test_another_company_reads_nothing(self):
        self.load(1000)
        op = self.spend(500, card=self.card)
        for record in (op, op.transfer_ids, self.card, self.wallet):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.accountant_coop).read(["id"])
            self.assertFalse(
                record.with_user(self.accountant_coop).search([("id", "in", record.ids)])
            )

    def test_the_desk_has_no_lists(self):
        for model in (
            "tibillet.card",
            "tibillet.operation",
            "tibillet.transfer",
            "tibillet.account",
            "tibillet.wallet",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user_bar).search([])

    def test_a_manager_stops_a_card_and_it_is_written_down(self):
        card = self.card.with_user(self.manager_bar)
        card.action_report_lost()
        self.assertEqual(card.state, "lost")
        self.assertIn("manager_bar", card.message_ids[:1].body)
        card.action_unblock()
        self.assertEqual(card.state, "anonymous")
        card.action_block()
        self.assertEqual(card.state, "blocked")
        with self.assertRaises(AccessError):
            self.card.with_user(self.accountant_bar).action_block()

    def test_a_list_costs_the_same_queries_for_ten_rows_as_for_a_hundred(self):
        self.load(10_000)
        for _sale in range(100):
            self.spend(1, card=self.card)
        counts = []
        for limit in (1, 10, 100):  # the first fills the caches that outlive a request
            self.env.invalidate_all()
            operations = self.env["tibillet.operation"].with_user(self.accountant_bar)
            rows = operations.search([], limit=limit)
            before = self.env.cr.sql_log_count
            rows.read(["occurred_at", "code", "amount_text", "card_id", "origin", "state"])
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), limit)
        self.assertEqual(counts[1], counts[2])
