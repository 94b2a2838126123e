import hashlib
import json

from odoo import api, fields, models

FORMAT = {"format": "tibillet-ledger", "version": 1}
ASSETS = """
    DECLARE tibillet_export NO SCROLL CURSOR FOR
    SELECT json_build_object('asset', json_build_object(
               'id', s.id, 'code', s.code, 'kind', s.kind, 'scale', s.scale, 'backed', s.backed,
               'issuer_account', (SELECT a.id FROM tibillet_account a
                                   WHERE a.asset_id = s.id AND a.wallet_id = s.issuer_wallet_id)))
      FROM tibillet_asset s ORDER BY s.id"""
ACCOUNTS = """
    DECLARE tibillet_export NO SCROLL CURSOR FOR
    SELECT json_build_object('account', json_build_object(
               'id', a.id, 'wallet', a.wallet_id, 'asset', a.asset_id, 'kind', w.kind,
               'balance', a.balance_minor, 'held', a.held_minor, 'floor', a.floor_minor))
      FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id ORDER BY a.id"""
LINES = """
    COALESCE((SELECT json_agg(json_build_array(l.debit_account_id, l.credit_account_id,
                                               l.amount_minor) ORDER BY l.id)
                FROM {table} l WHERE l.operation_id = o.id {when}), '[]'::json)"""
OPERATIONS = f"""
    DECLARE tibillet_export NO SCROLL CURSOR FOR
    SELECT json_build_object('operation', json_build_object(
               'id', o.id, 'origin', o.origin, 'key', o.key, 'code', o.code, 'state', o.state,
               'occurred_at', o.occurred_at, 'posted_at', o.posted_at, 'company', o.company_id,
               'names', o.names_id,
               'transfers', {LINES.format(table="tibillet_transfer", when="")},
               'held', {LINES.format(table="tibillet_hold_line", when="AND o.state = 'pending'")}))
      FROM tibillet_operation o ORDER BY o.id"""


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _export(self, write):
        """Write the whole ledger as lines of JSON, in one snapshot of the database.

        Wallets are numbers: no name, no card, no memo leaves. The last line carries the count
        and the SHA-256 of all lines before it. Read by ``tools/verify_ledger.py``.

        :param write: called with the bytes of one line after the other
        :returns: how many rows there are between the first line and the last
        """
        self.env.flush_all()
        digest = hashlib.sha256()
        rows = 0

        def line(content):
            data = (json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n").encode()
            digest.update(data)
            write(data)

        line({**FORMAT, "exported_at": fields.Datetime.now().isoformat() + "Z"})
        for query in (ASSETS, ACCOUNTS, OPERATIONS):
            for row in self._in_chunks(query):
                line(row)
                rows += 1
        end = {"end": {"rows": rows, "sha256": digest.hexdigest()}}
        write((json.dumps(end, sort_keys=True) + "\n").encode())
        return rows

    def _in_chunks(self, query):
        """Rows of one of the literals above, without holding them all in memory."""
        cr = self.env.cr
        cr.execute(query)
        try:
            while True:
                cr.execute("FETCH 1000 FROM tibillet_export")
                chunk = cr.fetchall()
                if not chunk:
                    break
                yield from (row[0] for row in chunk)
        finally:
            cr.execute("CLOSE tibillet_export")
