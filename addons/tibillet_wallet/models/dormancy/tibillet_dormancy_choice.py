from odoo import api, models
from odoo.tools import SQL, format_date


class TibilletDormancy(models.Model):
    """What a holder chooses: keep, be refunded, give. Each ends the dormancy.

    These methods ask no role; whoever calls them does (``tibillet.ledger._authorize``).
    """

    _inherit = "tibillet.dormancy"

    @api.model
    def _keep(self, accounts):
        """Write down that their holder keeps them: the period starts anew from now.

        :raises LedgerError: ``invalid`` for an account that is no holder's
        """
        self._check_holders(accounts)
        self._choose(accounts, "keep")

    @api.model
    def _give(
        self, account, amount_minor, *, key, origin, company=None, card=None, memo=None, to="pool"
    ):
        """Move what its holder gives to the asset's own issuer: a donation, one operation.

        :param amount_minor: all of it or a part, in minor units; never more than is free
        :param to: ``pool`` (solidarity) or ``place``, the issuer's own
        :returns: the ``give`` operation
        :raises LedgerError: those of ``_post``; ``invalid`` for an account that is no holder's
        """
        account.ensure_one()
        self._check_holders(account)
        asset_sudo = account.asset_id.sudo()  # the issuer may be another place than the desk's
        if to not in ("pool", "place"):
            raise self.env["tibillet.ledger"]._refusal(
                "invalid", self.env._("A gift goes to the issuer's pool or to its place.")
            )
        wallets = self.env["tibillet.wallet"]
        receiver = self.env["tibillet.account"]._get(
            wallets._of_company(to, asset_sudo.company_id), asset_sudo
        )
        operation = self.env["tibillet.ledger"]._post(
            [
                {
                    "key": key,
                    "origin": origin,
                    "code": "give",
                    "transfers": [(account.id, receiver.id, amount_minor)],
                    "company_id": (company or self.env.company).id,
                    "wallet_id": account.wallet_id.id,
                    "card_id": card.id if card else None,
                    "memo": memo,
                }
            ]
        )
        self._choose(account, "give")
        return operation

    @api.model
    def _receipt_text(self, operation):
        """The receipt of a donation: what, to whom, when, which operation; no name.

        :param operation: a ``give``
        """
        operation_sudo = operation.sudo()  # the holder's own receipt
        transfer_sudo = operation_sudo.transfer_ids[:1]
        asset_sudo = transfer_sudo.asset_id
        return self.env._(
            "Donation of %(amount)s of “%(asset)s” to %(issuer)s on %(day)s. Operation "
            "%(number)s. Given freely and for good; this is not a tax receipt.",
            amount=asset_sudo._format(transfer_sudo.amount_minor),
            asset=asset_sudo.name,
            issuer=asset_sudo.company_id.name,
            day=format_date(self.env, operation.posted_at),
            number=operation.id,
        )

    @api.model
    def _check_holders(self, accounts):
        wallets_sudo = accounts.sudo().wallet_id  # their kind only
        if not accounts or set(wallets_sudo.mapped("kind")) - {"person", "card"}:
            raise self.env["tibillet.ledger"]._refusal(
                "invalid", self.env._("Only the account of a person or a card is chosen about.")
            )

    @api.model
    def _choose(self, accounts, choice, extinction=None):
        """Note the last choice about accounts; an act of their holder wakes them.

        One statement. The acts are counted again by the next sweep, so that the one that goes
        with the choice (a refund, a gift) does not wake them twice.
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
            INSERT INTO tibillet_dormancy AS row
                   (account_id, wallet_id, asset_id, company_id, state, acted_at, acts,
                    choice, choice_at, choice_by_id, extinction_id)
            SELECT a.id, a.wallet_id, a.asset_id, s.company_id, 'awake', clock.moment, past.acts,
                   %(choice)s, clock.moment, %(uid)s, %(extinction)s
              FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
             CROSS JOIN (SELECT tibillet_now() AS moment) clock
             CROSS JOIN LATERAL %(past)s past
             WHERE a.id = ANY(%(ids)s)
            ON CONFLICT (account_id) DO UPDATE
               SET state = 'awake', acted_at = EXCLUDED.acted_at, acts = EXCLUDED.acts,
                   choice = EXCLUDED.choice, choice_at = EXCLUDED.choice_at,
                   choice_by_id = EXCLUDED.choice_by_id,
                   extinction_id = COALESCE(EXCLUDED.extinction_id, row.extinction_id)
            RETURNING id
                """,
                choice=choice,
                uid=self.env.uid,
                extinction=extinction and extinction.id,
                past=self._past(SQL("a.id")),
                ids=accounts.ids,
            )
        )
        self.invalidate_model()
        self.env["tibillet.notice"]._void_stale(accounts)
