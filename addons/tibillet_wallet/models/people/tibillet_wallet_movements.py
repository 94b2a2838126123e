from odoo import models

MOVEMENTS = """
    WITH mine AS (
        SELECT id FROM tibillet_account WHERE wallet_id = ANY(%(wallets)s)
    ), line AS (
        SELECT operation_id, asset_id, amount_minor, debit_account_id, credit_account_id
          FROM tibillet_transfer
         WHERE debit_account_id IN (SELECT id FROM mine)
            OR credit_account_id IN (SELECT id FROM mine)
         UNION ALL
        SELECT l.operation_id, l.asset_id, l.amount_minor, l.debit_account_id, l.credit_account_id
          FROM tibillet_hold_line l JOIN tibillet_operation o ON o.id = l.operation_id
         WHERE o.state <> 'posted'
           AND (l.debit_account_id IN (SELECT id FROM mine)
             OR l.credit_account_id IN (SELECT id FROM mine))
    ), moved AS (
        SELECT operation_id, asset_id,
               sum(CASE WHEN credit_account_id IN (SELECT id FROM mine) THEN amount_minor ELSE 0 END
                 - CASE WHEN debit_account_id IN (SELECT id FROM mine) THEN amount_minor ELSE 0 END
               )::bigint AS amount_minor
          FROM line GROUP BY operation_id, asset_id
    )
    SELECT o.id, m.asset_id, m.amount_minor
      FROM moved m JOIN tibillet_operation o ON o.id = m.operation_id
     ORDER BY o.occurred_at DESC, o.id DESC, m.asset_id
     LIMIT %(limit)s"""


class TibilletWallet(models.Model):
    _inherit = "tibillet.wallet"

    def _with_merged(self):
        """These wallets and those that were merged into them, however long ago."""
        wallets_sudo = found_sudo = self.sudo()  # a merged wallet is nobody's to read
        while found_sudo:
            found_sudo = wallets_sudo.search([("merged_into_id", "in", found_sudo.ids)])
            found_sudo -= wallets_sudo
            wallets_sudo |= found_sudo
        return wallets_sudo

    def _movements(self, limit=None):
        """What these wallets did, latest first, with place and goods where they are known.

        Called by acts that have checked rights and noted the access.

        :param limit: at most so many lines (one per operation and asset)
        :return: list of dictionaries, with amounts in minor units (``amount_minor``, below zero
            when paid) and as people read them (``amount``)
        """
        wallets_sudo = self._with_merged()
        self.env.flush_all()
        self.env.cr.execute(MOVEMENTS, {"wallets": wallets_sudo.ids, "limit": limit})
        rows = self.env.cr.fetchall()
        operations_sudo = self.env["tibillet.operation"].sudo()  # of every place
        operations_sudo = operations_sudo.browse(dict.fromkeys(row[0] for row in rows))
        goods = operations_sudo._goods()
        names = dict(operations_sudo._fields["code"]._description_selection(self.env))
        states = dict(operations_sudo._fields["state"]._description_selection(self.env))
        assets_sudo = self.env["tibillet.asset"].sudo()  # of every issuer
        assets_sudo = assets_sudo.browse(dict.fromkeys(row[1] for row in rows))
        operation_of = dict(zip(operations_sudo.ids, operations_sudo, strict=True))
        asset_of = dict(zip(assets_sudo.ids, assets_sudo, strict=True))
        movements = []
        for operation_id, asset_id, amount_minor in rows:
            operation_sudo, asset_sudo = operation_of[operation_id], asset_of[asset_id]
            movements.append(
                {
                    "operation": operation_id,
                    "key": operation_sudo.key,
                    "at": operation_sudo.occurred_at,
                    "code": operation_sudo.code,
                    "what": names[operation_sudo.code],
                    "state": operation_sudo.state,
                    "state_name": states[operation_sudo.state],
                    "asset": asset_sudo.code,
                    "asset_name": asset_sudo.name,
                    "amount_minor": amount_minor,
                    "amount": asset_sudo._format(amount_minor),
                    "place": operation_sudo.company_id.name or "",
                    "card": operation_sudo.card_id.number or "",
                    "goods": goods.get(operation_id, []),
                    "memo": operation_sudo.memo or "",
                }
            )
        return movements

    def _holds_sentences(self):
        """What these wallets hold, owe or have on hold, of any issuer: a sentence each."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT a.asset_id, a.balance_minor, s.kind = 'claim' FROM tibillet_account a"
            "  JOIN tibillet_asset s ON s.id = a.asset_id"
            " WHERE a.wallet_id = ANY(%s) AND a.balance_minor <> 0 ORDER BY s.id",
            [self.ids],
        )
        assets_sudo = self.env["tibillet.asset"].sudo()  # of every issuer
        sentences = []
        for asset_id, balance_minor, claimed in self.env.cr.fetchall():
            asset_sudo = assets_sudo.browse(asset_id)
            amount = asset_sudo._format(abs(balance_minor))
            if claimed or balance_minor < 0:
                sentence = self.env._(
                    "%(amount)s is owed to %(place)s.",
                    amount=amount,
                    place=asset_sudo.company_id.name,
                )
            else:
                sentence = self.env._(
                    "It still holds %(amount)s of “%(asset)s” (%(place)s): spend, refund or "
                    "give it first.",
                    amount=amount,
                    asset=asset_sudo.name,
                    place=asset_sudo.company_id.name,
                )
            sentences.append(sentence)
        if self._pending():
            sentences.append(self.env._("A till has something on hold right now."))
        return sentences
