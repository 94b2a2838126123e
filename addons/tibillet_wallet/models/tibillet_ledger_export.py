import hashlib
import json

from odoo import api, fields, models

FORMAT = {"format": "tibillet-ledger", "version": 3}
ASSETS = """
    DECLARE tibillet_export NO SCROLL CURSOR FOR
    SELECT json_build_object('asset', json_build_object(
               'id', s.id, 'code', s.code, 'kind', s.kind, 'scale', s.scale, 'backed', s.backed,
               'active', s.active,
               'issuer_account', (SELECT a.id FROM tibillet_account a
                                   WHERE a.asset_id = s.id AND a.wallet_id = s.issuer_wallet_id)))
      FROM tibillet_asset s ORDER BY s.id"""
ACCOUNTS = """
    DECLARE tibillet_export NO SCROLL CURSOR FOR
    SELECT json_build_object('account', json_build_object(
               'id', a.id, 'wallet', a.wallet_id, 'asset', a.asset_id, 'kind', w.kind,
               'merged_into', w.merged_into_id,
               'balance', a.balance_minor, 'held', a.held_minor, 'floor', a.floor_minor,
               'floors', COALESCE((
                   SELECT json_agg(json_build_array(f.changed_at, f.floor_minor) ORDER BY f.id)
                     FROM tibillet_floor_change f WHERE f.account_id = a.id), '[]'::json)))
      FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id ORDER BY a.id"""
LINES = """
    COALESCE((SELECT json_agg(json_build_array(l.debit_account_id, l.credit_account_id,
                                               l.amount_minor) ORDER BY l.id)
                FROM {table} l WHERE l.operation_id = o.id), '[]'::json)"""
OPERATIONS = f"""
    DECLARE tibillet_export NO SCROLL CURSOR FOR
    SELECT json_build_object('operation', json_build_object(
               'id', o.id, 'origin', o.origin, 'key', o.key, 'code', o.code, 'state', o.state,
               'occurred_at', o.occurred_at, 'posted_at', o.posted_at, 'company', o.company_id,
               'names', o.names_id,
               'transfers', {LINES.format(table="tibillet_transfer")},
               'held', {LINES.format(table="tibillet_hold_line")}))
      FROM tibillet_operation o ORDER BY o.id"""


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _export(self, write):
        """Write the whole ledger as lines of JSON, in one snapshot of the database.

        :param write: called with the bytes of one line after the other
        :returns: how many rows there are between the first line and the last
        """
        lines = 0
        for line in self._export_lines():
            write(line)
            lines += 1
        return lines - 2

    @api.model
    def _export_lines(self):
        """The lines of the export, one after the other, as bytes.

        Wallets are numbers: no name, no card, no memo leaves. The last line carries the count
        and the SHA-256 of all lines before it. Read by ``tools/verify_ledger.py``.
        """
        self.env.flush_all()
        digest = hashlib.sha256()
        header = {**FORMAT, "exported_at": fields.Datetime.now().isoformat() + "Z"}
        yield self._export_line(header, digest)
        rows = 0
        for query in (ASSETS, ACCOUNTS, OPERATIONS):
            for row in self._in_chunks(query):
                yield self._export_line(row, digest)
                rows += 1
        end = {"end": {"rows": rows, "sha256": digest.hexdigest()}}
        yield (json.dumps(end, sort_keys=True) + "\n").encode()

    @api.model
    def _export_line(self, content, digest):
        line = (json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n").encode()
        digest.update(line)
        return line

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
            if not cr.closed:
                cr.execute("CLOSE tibillet_export")
