from odoo import api, models
from odoo.tools import SQL, format_date

from .rules import ANONYMOUS_YEARS, COUNTDOWN, LOADS, RESTORE_YEARS

ORIGIN = "dormancy"


class TibilletDormancy(models.Model):
    """Extinction by accepted terms: off, behind every condition, reversible five years.

    French law: value that is extinguished becomes income of whoever owed it, so nothing is
    extinguished without a clause that the holder accepted and without notice (practice,
    sections 8 and 28). No cron calls these methods.
    """

    _inherit = "tibillet.dormancy"

    @api.model
    def _extinguish(self, account):
        """Move what may be extinguished of a dormant account to its issuer's pool.

        Conditions, each with its own sentence: the asset's switch; not frozen; dormant still;
        nothing on hold; terms accepted; an anonymous card only after five years; three notices
        delivered in time; something loaded since the terms.

        :returns: the ``extinguish`` operation
        :raises LedgerError: ``not_allowed``, ``wallet_frozen``
        """
        account_sudo = account.sudo()  # the role was asked by the caller
        account_sudo.ensure_one()
        self.env.flush_all()
        row_sudo = self._of(account_sudo)
        consent_sudo = self._check_extinction(account_sudo, row_sudo)
        amount_minor = self._loaded_since(account_sudo, consent_sudo.accepted_at)
        if not amount_minor:
            raise self._kept(
                self.env._(
                    "Everything on it was loaded before its holder accepted the terms: nothing "
                    "of it is ever extinguished."
                )
            )
        asset_sudo = account_sudo.asset_id
        pool = self.env["tibillet.wallet"]._of_company("pool", asset_sudo.company_id)
        receiver = self.env["tibillet.account"]._get(pool, asset_sudo)
        operation = self.env["tibillet.ledger"]._post(
            [
                {
                    # Once per dormancy: asked twice at the same moment, it is one operation.
                    "key": f"extinguish/{account_sudo.id}/{int(row_sudo.since.timestamp())}",
                    "origin": ORIGIN,
                    "code": "extinguish",
                    "transfers": [(account_sudo.id, receiver.id, amount_minor)],
                    "company_id": asset_sudo.company_id.id,
                    "wallet_id": account_sudo.wallet_id.id,
                }
            ]
        )
        self._choose(account_sudo, "extinguish", operation)
        return operation

    def _check_extinction(self, account_sudo, row_sudo):
        """Every condition but the age of the value. Answers the accepted terms, in sudo."""
        asset_sudo, wallet_sudo = account_sudo.asset_id, account_sudo.wallet_id
        if not asset_sudo.extinguish_allowed:
            raise self._kept(
                self.env._(
                    "“%s” is never extinguished: its issuer did not allow it.", asset_sudo.name
                )
            )
        if asset_sudo.frozen_at or wallet_sudo.frozen:
            raise self.env["tibillet.ledger"]._refusal(
                "wallet_frozen",
                self.env._("It is frozen: its holder cannot act, so nothing is extinguished."),
            )
        if not row_sudo or not row_sudo._is_dormant():
            raise self._kept(
                self.env._("It is not dormant: its holder did something with it meanwhile.")
            )
        if account_sudo.held_minor:
            raise self._kept(self.env._("Something on it is on hold. Try again when it is over."))
        consent_sudo = self.env["tibillet.terms.consent"]._of(wallet_sudo, asset_sudo)
        if not consent_sudo:
            raise self._kept(
                self.env._(
                    "Its holder did not accept the terms of %s, which say that it may be "
                    "extinguished.",
                    format_date(self.env, asset_sudo.extinguish_terms_date),
                )
            )
        if wallet_sudo.kind == "card" and not self._years_passed(
            row_sudo.acted_at, ANONYMOUS_YEARS
        ):
            raise self._kept(self.env._("An anonymous card is not extinguished before five years."))
        missing = self._missing_notice(row_sudo)
        if missing:
            raise self._kept(
                self.env._(
                    "Its holder must have been told three times. This notice was not delivered "
                    "in time: %s days before.",
                    missing,
                )
            )
        return consent_sudo

    def _kept(self, sentence):
        return self.env["tibillet.ledger"]._refusal("not_allowed", sentence)

    def _years_passed(self, moment, years):
        [(passed,)] = self.env.execute_query(
            SQL("SELECT %s + make_interval(years => %s) <= tibillet_now()", moment, years)
        )
        return passed

    @api.model
    def _missing_notice(self, row_sudo):
        """Days of the first notice of the countdown that was not delivered that long ago."""
        delivered = {
            why
            for why, in_time in self.env.execute_query(
                SQL(
                    """SELECT why, delivered_at + make_interval(days => days) <= tibillet_now()
                         FROM tibillet_notice
                         JOIN unnest(%s, %s) AS told(step, days) ON told.step = why
                        WHERE account_id = %s AND counted_from = %s AND state = 'delivered'""",
                    [step for step, _days in COUNTDOWN],
                    [days for _step, days in COUNTDOWN],
                    row_sudo.account_id.id,
                    row_sudo.acted_at,
                )
            )
            if in_time
        }
        return next((days for step, days in COUNTDOWN if step not in delivered), None)

    @api.model
    def _loaded_since(self, account, moment):
        """What is left of the loads after ``moment``: first in, first out, in minor units.

        What came back otherwise (an undo, a correction, a merge) is of unknown age and counts
        as older.
        """
        [(amount_minor,)] = self.env.execute_query(
            SQL(
                """
            WITH credit AS (
                SELECT t.amount_minor, o.code, o.occurred_at, o.posted_at,
                       sum(t.amount_minor) OVER (ORDER BY t.id) AS up_to
                  FROM tibillet_transfer t JOIN tibillet_operation o ON o.id = t.operation_id
                 WHERE t.credit_account_id = %(account)s
            ), spent AS (
                SELECT COALESCE(sum(amount_minor), 0) AS amount_minor
                  FROM tibillet_transfer WHERE debit_account_id = %(account)s
            )
            SELECT COALESCE(sum(LEAST(c.amount_minor, GREATEST(0, c.up_to - s.amount_minor))),
                            0)::bigint
              FROM credit c, spent s
             WHERE c.code = ANY(%(loads)s) AND LEAST(c.occurred_at, c.posted_at) > %(moment)s
                """,
                account=account.id,
                loads=list(LOADS),
                moment=moment,
            )
        )
        return amount_minor

    # -- back to the holder ---------------------------------------------------------------

    @api.model
    def _restore(self, operation):
        """Give back what was extinguished, once, within five years.

        A ``correct`` that names the extinction, from the pool to the wallet that its holder
        has now.

        :returns: the ``correct`` operation
        :raises LedgerError: ``not_allowed`` (no extinction, too late, done before),
            ``insufficient_funds`` when the pool does not hold it any more
        """
        operation_sudo = operation.sudo()  # the role was asked by the caller
        operation_sudo.ensure_one()
        if operation_sudo.code != "extinguish" or operation_sudo.state != "posted":
            raise self._kept(self.env._("This operation extinguished nothing."))
        if self._years_passed(operation_sudo.posted_at, RESTORE_YEARS):
            raise self._kept(
                self.env._("It was extinguished more than five years ago: this is final.")
            )
        done = operation_sudo.search_count(
            [("names_id", "=", operation_sudo.id), ("code", "=", "correct")], limit=1
        )
        if done:
            raise self._kept(self.env._("It was given back before."))
        transfers, accounts = [], self.env["tibillet.account"]
        for transfer_sudo in operation_sudo.transfer_ids:
            holder_sudo = transfer_sudo.debit_account_id.wallet_id._surviving()
            account = accounts._get(holder_sudo, transfer_sudo.asset_id)
            accounts |= account
            transfers.append(
                (transfer_sudo.credit_account_id.id, account.id, transfer_sudo.amount_minor)
            )
        restored = self.env["tibillet.ledger"]._post(
            [
                {
                    "key": f"restore/{operation_sudo.id}",
                    "origin": ORIGIN,
                    "code": "correct",
                    "transfers": transfers,
                    "company_id": operation_sudo.company_id.id,
                    "wallet_id": accounts[:1].wallet_id.id,
                    "names_id": operation_sudo.id,
                    "payout": True,
                }
            ]
        )
        self._choose(accounts, "restore")
        return restored

    # -- buttons --------------------------------------------------------------------------

    def action_extinguish(self):
        """Extinguish the chosen account, if every condition holds.

        :raises LedgerError: ``not_allowed`` by role, second factor or a condition
        """
        self.ensure_one()
        self.check_access("read")
        self.env["tibillet.ledger"]._authorize("extinguish")
        row_sudo = self.sudo()  # its account, after the checks above
        operation_sudo = self._extinguish(row_sudo.account_id).sudo()  # its amount
        return self._tell(
            self.env._(
                "%s moved to the pool. Its holder can have it back for five years.",
                operation_sudo.amount_text,
            )
        )

    def action_restore(self):
        """Give back to its holder what was extinguished last on this account.

        :raises LedgerError: ``not_allowed`` by role, second factor, age, or when done before
        """
        self.ensure_one()
        self.check_access("read")
        self.env["tibillet.ledger"]._authorize("correct")
        if not self.extinction_id:
            raise self._kept(self.env._("Nothing on this account was extinguished."))
        operation_sudo = self._restore(self.extinction_id).sudo()  # its amount
        return self._tell(
            self.env._("%s is back on its holder's account.", operation_sudo.amount_text)
        )

    def _tell(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
