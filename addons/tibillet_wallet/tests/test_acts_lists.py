from odoo.tests import tagged

from .acts_common import ActsCase

CARDS = 50_000


@tagged("post_install", "-at_install")
class TestActsLists(ActsCase):
    """Lists cost the same for ten rows as for a thousand; a card is found among 50,000."""

    def queries(self, model, limit, domain=()):
        """Queries of a list page, as the web client asks for it."""
        records = self.env[model].with_user(self.manager_bar).with_company(self.bar)
        view = records.get_view(view_type="list")
        spec = {
            name: {"fields": {"display_name": {}}}
            if records._fields[name].type == "many2one"
            else {}
            for name in view["models"][model]
            if records._fields[name].type not in ("one2many", "many2many")
        }
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        page = records.web_search_read(list(domain), spec, limit=limit)
        return self.env.cr.sql_log_count - before, page["records"]

    def make_cards(self, count, company):
        """Cards with a wallet, a named holder and an account each, by SQL alone."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH people AS (
                INSERT INTO res_partner (name, complete_name, email, email_normalized, active,
                                         autopost_bills)
                SELECT 'Porteur ' || n, 'Porteur ' || n, 'porteur' || n || '@exemple.org',
                       'porteur' || n || '@exemple.org', true, 'ask'
                  FROM generate_series(1, %(count)s) n RETURNING id
            ), numbered AS (
                SELECT id, row_number() OVER (ORDER BY id) AS n FROM people
            ), wallets AS (
                INSERT INTO tibillet_wallet (kind, partner_id, company_id, frozen)
                SELECT 'person', id, %(company)s, false FROM numbered RETURNING id
            ), placed AS (
                SELECT id, row_number() OVER (ORDER BY id) AS n FROM wallets
            ), accounts AS (
                INSERT INTO tibillet_account
                       (wallet_id, asset_id, balance_minor, held_minor, floor_minor)
                SELECT id, %(asset)s, 0, 0, 0 FROM placed
            )
            INSERT INTO tibillet_card (number, uid, token, company_id, state, grade, wallet_id)
            SELECT 'N' || lpad(n::text, 7, '0'), '04' || lpad(upper(to_hex(n)), 12, '0'),
                   'token-' || n, %(company)s, 'claimed', 'uid', id FROM placed
            """,
            {"count": count, "company": company.id, "asset": self.token.id},
        )
        self.env.invalidate_all()

    def test_a_list_costs_the_same_for_ten_rows_as_for_a_thousand(self):
        self.make_cards(1000, self.bar)
        self.load(100_00)
        for _sale in range(1000):
            self.spend(1, card=self.card)
        for model in (
            "tibillet.card",
            "tibillet.wallet",
            "tibillet.operation",
            "tibillet.movement",
            "tibillet.wallet.decision",
        ):
            if model == "tibillet.wallet.decision":
                self.env[model].create(
                    [
                        {
                            "wallet_id": self.wallet.id,
                            "company_id": self.bar.id,
                            "kind": "freeze",
                            "key": f"d{n}",
                        }
                        for n in range(1000)
                    ]
                )
            self.queries(model, 1000)  # fills the caches that outlive a request
            with self.subTest(model):
                few, rows = self.queries(model, 10)
                self.assertEqual(len(rows), 10)
                many, rows = self.queries(model, 1000)
                self.assertEqual(len(rows), 1000)
                self.assertEqual(few, many)

    def test_a_card_is_found_among_fifty_thousand(self):
        """By number, chip, name and mail, as the search bar asks: at most 12 queries."""
        self.make_cards(CARDS, self.bar)
        self.env.cr.execute("ANALYZE tibillet_card; ANALYZE tibillet_wallet; ANALYZE res_partner")
        view = self.env["tibillet.card"].get_view(view_type="search")
        self.assertIn("wallet_id.partner_id.email", view["arch"])
        chip = f"{49_999:012X}"
        for typed in ("N0049999", f"04{chip}", "Porteur 49999", "porteur49999@exemple.org"):
            domain = [
                "|",
                "|",
                "|",
                ("number", "ilike", typed),
                ("uid", "ilike", typed),
                ("wallet_id.partner_id.complete_name", "ilike", typed),
                ("wallet_id.partner_id.email", "ilike", typed),
            ]
            self.queries("tibillet.card", 80, domain)
            with self.subTest(typed):
                count, rows = self.queries("tibillet.card", 80, domain)
                self.assertEqual([row["number"] for row in rows], ["N0049999"])
                self.assertLessEqual(count, 12)

    def test_movements_add_up_and_name_nobody(self):
        self.load_by("cash", 5000)
        self.spend(700, card=self.card)
        Movement = self.env["tibillet.movement"].with_user(self.accountant_bar)
        self.env.flush_all()
        sums = {
            (asset, code): (amount, supply)
            for asset, code, amount, supply in Movement._read_group(
                [("asset_id", "=", self.token.id)],
                ["asset_id", "code"],
                ["amount:sum", "supply:sum"],
            )
        }
        token = self.token.with_env(Movement.env)
        self.assertEqual(sums[token, "topup"], (50.0, 50.0))
        self.assertEqual(sums[token, "sale"], (7.0, 0.0))
        models = {field.comodel_name for field in Movement._fields.values() if field.relational}
        self.assertEqual(
            models, {"tibillet.operation", "tibillet.asset", "res.company"}, "no holder, no card"
        )

    def test_movements_of_a_place_and_of_an_issuer(self):
        """The place sees what was done there, the issuer what was done with its asset."""
        self.load_by("cash", 1000, self.euro)
        self.load_by("cash", 1000, self.token)
        self.env.flush_all()

        def seen(user):
            rows = self.env["tibillet.movement"].with_user(user).search([])
            return set(rows.asset_id.sudo().mapped("code"))

        self.assertEqual(seen(self.accountant_bar), {"euro-federe", "jeton"})
        self.assertEqual(seen(self.accountant_coop), {"euro-federe"})
