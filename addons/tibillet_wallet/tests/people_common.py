from unittest.mock import patch

from .base import use_key_file
from .common import WalletCase


class PeopleCase(WalletCase):
    """A card with money and a claim code, two people, no second factor asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key_file(cls)
        (cls.bar | cls.coop).tibillet_second_factor = False
        cls.Card = cls.env["tibillet.card"]
        cls.ann, cls.bob = cls.env["res.partner"].create(
            [
                {"name": "Anne Le Goff", "email": "anne@example.org"},
                {"name": "Bob Kerjean", "email": "bob@example.org"},
            ]
        )

    def setUp(self):
        super().setUp()
        self.tries_in_this_transaction()

    def tries_in_this_transaction(self):
        """Count tries in the test's transaction, which is rolled back with it."""
        limit = type(self.env["tibillet.rate.limit"])
        real = limit._hit

        def hit(model, bucket, subject, limit, period_s, cr=None):
            return real(model, bucket, subject, limit, period_s, cr=cr or model.env.cr)

        patcher = patch.object(limit, "_hit", hit)
        patcher.start()
        self.addCleanup(patcher.stop)

    @classmethod
    def make_card(cls, **values):
        return cls.Card.create({"company_id": cls.bar.id, **values})

    def hold(self, amount_minor, wallet=None, **values):
        return self.spend(
            amount_minor, wallet=wallet or self.wallet, hold_until=self.in_minutes(5), **values
        )

    def minor(self, wallet, asset=None):
        """Balance, without making an account."""
        accounts = wallet.account_ids.filtered(lambda one: one.asset_id == (asset or self.token))
        return sum(accounts.mapped("balance_minor"))
