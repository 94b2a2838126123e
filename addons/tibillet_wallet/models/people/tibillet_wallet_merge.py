import uuid

from odoo import models


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    def _merge_into(self, person, *, origin, card=None, company=None):
        """Move the whole of an anonymous card's wallet to a person's, what it owes included.

        One ``merge`` operation for every account; none when there is nothing to move.

        :param person: wallet of kind ``person``
        :param origin: who was authenticated, as the ledger wants it
        :returns: the operation, or an empty recordset
        :raises LedgerError: ``invalid`` (into itself, of a person's wallet, into a card's,
            merged before), ``not_allowed`` (on hold, below zero), ``limit_exceeded``,
            ``wallet_frozen``
        """
        self.ensure_one()
        self._check_mergeable(person)
        accounts = self._collide()
        self._check_nothing_pending(accounts)
        operation = self._move_whole(person, accounts, origin, card, company)
        self.write({"merged_into_id": person.id, "guardian_id": False, "daily_limit_minor": 0})
        return operation

    def _check_mergeable(self, person):
        refusal = self.env["tibillet.ledger"]._refusal
        if self == person:
            raise refusal("invalid", self.env._("A wallet is not merged into itself."))
        if self.merged_into_id:
            raise refusal(
                "invalid", self.env._("This wallet was merged before; nothing is left in it.")
            )
        if self.kind != "card":
            raise refusal(
                "invalid",
                self.env._(
                    "This wallet is in somebody's name already: only an anonymous card's "
                    "wallet joins another."
                ),
            )
        if person.kind != "person" or person.merged_into_id or not person.partner_id:
            raise refusal(
                "invalid",
                self.env._("An anonymous card joins the wallet of a person, no other wallet."),
            )

    def _collide(self):
        """Touch these wallets and all their accounts: [(account id, asset id, balance)].

        Cursors are REPEATABLE READ: an update makes us fail, and run again, when somebody
        changed one of these rows since our snapshot. A zero that is not touched could be a
        top-up by now, and so could an account that is being made (``tibillet.account._get``
        touches its wallet). In id order, as everybody does.
        """
        self.env.flush_all()
        accounts = self.env["tibillet.account"]
        self.env.cr.execute(
            "UPDATE tibillet_wallet SET frozen = frozen WHERE id = ANY(%s)", [sorted(self.ids)]
        )
        self.env.cr.execute(
            "SELECT array_agg(id) FROM tibillet_account WHERE wallet_id = ANY(%s)", [self.ids]
        )
        ids = self.env.cr.fetchone()[0] or []
        # Everybody locks operations before accounts, each in id order.
        self.env.cr.execute("SELECT tibillet_ledger_release(%s)", [ids])
        self.env.cr.execute(
            "SELECT FROM tibillet_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids]
        )
        self.env.cr.execute(
            "UPDATE tibillet_account SET floor_minor = floor_minor WHERE id = ANY(%s)"
            " RETURNING id, asset_id, balance_minor",
            [ids],
        )
        rows = sorted(self.env.cr.fetchall())
        accounts.invalidate_model(flush=False)
        return rows

    def _pending(self):
        """How many operations wait for their end at these wallets, to pay or to be paid."""
        self.env.cr.execute(
            "SELECT count(DISTINCT h.operation_id) FROM tibillet_hold h"
            "  JOIN tibillet_hold_line l ON l.operation_id = h.operation_id"
            "  JOIN tibillet_account a ON a.id IN (l.debit_account_id, l.credit_account_id)"
            " WHERE a.wallet_id = ANY(%s) AND h.expires_at > tibillet_now()",
            [self.ids],
        )
        return self.env.cr.fetchone()[0]

    def _check_nothing_pending(self, accounts):
        refusal = self.env["tibillet.ledger"]._refusal
        if self._pending():
            raise refusal(
                "not_allowed",
                self.env._(
                    "This card is being used at a till right now. Let that sale end, at most "
                    "five minutes, and try again; nothing was changed."
                ),
            )
        if any(balance_minor < 0 for _account, _asset, balance_minor in accounts):
            raise refusal(
                "not_allowed",
                self.env._("This card is below zero. Top it up to zero first."),
            )

    def _move_whole(self, person, accounts, origin, card=None, company=None):
        Account = self.env["tibillet.account"]
        assets_sudo = self.env["tibillet.asset"].sudo()  # those of every issuer
        transfers = [
            (account_id, Account._get(person, assets_sudo.browse(asset_id)).id, balance_minor)
            for account_id, asset_id, balance_minor in accounts
            if balance_minor
        ]
        if not transfers:
            return self.env["tibillet.operation"]
        return self.env["tibillet.ledger"]._post(
            [
                {
                    "key": f"merge-{self.id}-{uuid.uuid4().hex}",
                    "origin": origin,
                    "code": "merge",
                    "transfers": transfers,
                    "card_id": card.id if card else None,
                    "company_id": company.id if company else None,
                    "wallet_id": self.id,
                }
            ]
        )
