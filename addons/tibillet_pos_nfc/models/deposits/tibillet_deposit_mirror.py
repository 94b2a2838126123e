"""Another place's cups: what is due to it stands in its books as in ours."""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class TibilletDepositMirror(models.Model):
    """One row per closed session and owner that is a company of this database.

    The session's own entry says in the seller's books that deposits of these cups are due to
    their owner. This is the other half, in the owner's books: due from the seller (P), owed to
    whoever brings a cup back (K). Cups taken back for another place turn both round. An owner
    without books here (a hire firm, a place elsewhere) has the seller's half only.
    """

    _name = "tibillet.deposit.mirror"
    _description = "Cups of another place, in its books"
    _order = "id desc"

    name = fields.Char(
        string="Session", required=True, help="As it was called: its owner reads it."
    )
    session_id = fields.Many2one(
        "pos.session", string="Till session", required=True, ondelete="restrict", index=True
    )
    seller_company_id = fields.Many2one(
        "res.company", string="Sold at", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Owner of the cups", required=True, ondelete="restrict", index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    amount = fields.Monetary(
        string="Due to the owner", required=True, help="Deposits taken less deposits given back."
    )
    move_id = fields.Many2one("account.move", string="Entry", ondelete="restrict", readonly=True)

    _session_uniq = models.Constraint(
        "unique(session_id, company_id)", "This session stands in the owner's books already."
    )

    @api.model
    def _pending(self, companies=None):
        """``(session id, owner company id)`` of closed sessions that are not mirrored yet."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT o.session_id, owner.id
                  FROM pos_order_line l
                  JOIN pos_order o ON o.id = l.order_id
                  JOIN pos_session s ON s.id = o.session_id
                  JOIN LATERAL (SELECT min(c.id) AS id FROM res_company c
                                 WHERE c.partner_id = l.tibillet_deposit_owner_id) owner
                    ON owner.id IS NOT NULL AND owner.id <> o.company_id
                 WHERE l.tibillet_deposit_owner_id IS NOT NULL
                   AND o.state IN ('paid', 'done', 'invoiced') AND s.state = 'closed'
                   AND (%(all)s OR owner.id = ANY(%(companies)s))
                   AND NOT EXISTS (SELECT FROM tibillet_deposit_mirror m
                                    WHERE m.session_id = o.session_id
                                      AND m.company_id = owner.id)
              GROUP BY 1, 2 ORDER BY 1, 2
                """,
                all=companies is None,
                companies=companies.ids if companies is not None else [],
            )
        )

    @api.model
    def _write_pending(self, companies=None):
        """Write what is due in the books of these owners, in the current transaction."""
        mirrors = self.browse()
        for session_id, company_id in self._pending(companies):
            mirrors |= self._write_one(session_id, company_id)
        return mirrors

    @api.model
    def _write_one(self, session_id, company_id):
        """One session in one owner's books, once; nothing where the owner keeps none yet."""
        # It is the books' own writing: neither desk nor cron has rights at the owner's.
        mirrors_sudo = self.env(user=SUPERUSER_ID, su=True)[self._name]
        session_sudo = mirrors_sudo.env["pos.session"].browse(session_id)
        owner_sudo = mirrors_sudo.env["res.company"].browse(company_id)
        if not owner_sudo.root_id.chart_template:
            return self.browse()
        owner_sudo._tibillet_ensure_accounts()
        lines_sudo = session_sudo.order_ids.filtered(
            lambda order: order.state in ("paid", "done", "invoiced")
        ).lines.filtered(lambda line: line.tibillet_deposit_owner_id == owner_sudo.partner_id)
        amount = session_sudo.currency_id.round(sum(lines_sudo.mapped("price_subtotal_incl")))
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_deposit_mirror
                          (name, session_id, seller_company_id, company_id, currency_id, amount,
                           create_uid, create_date, write_uid, write_date)
                   VALUES (%(name)s, %(session)s, %(seller)s, %(owner)s, %(currency)s, %(amount)s,
                           %(uid)s, timezone('UTC', now()), %(uid)s, timezone('UTC', now()))
                   ON CONFLICT (session_id, company_id) DO NOTHING RETURNING id""",
                name=session_sudo.name,
                session=session_id,
                seller=session_sudo.company_id.id,
                owner=company_id,
                currency=session_sudo.currency_id.id,
                amount=amount,
                uid=SUPERUSER_ID,
            )
        )
        self.invalidate_model()
        mirror_sudo = mirrors_sudo.browse(row[0] for row in rows)
        if mirror_sudo and amount:
            mirror_sudo.move_id = mirror_sudo._create_move()
        return mirror_sudo.with_env(self.env)

    def _create_move(self):
        """Due from the seller against what is owed for the cups, or the other way round."""
        self.ensure_one()
        owner, seller = self.company_id, self.seller_company_id
        env = self.with_company(owner).env
        accounts, books = env["tibillet.book.account"], env["tibillet.books"]
        partner = seller.partner_id.commercial_partner_id
        journal = owner.tibillet_journal_id
        day = fields.Date.context_today(self, self.session_id.stop_at)
        date = books._first_open_day(owner, day, journal)
        balance = self.currency_id._convert(self.amount, owner.currency_id, owner, date)
        label = env._(
            "Cups at %(place)s, %(session)s", place=seller.name, session=self.session_id.name
        )
        move = env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": owner.id,
                "journal_id": journal.id,
                "date": date,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": accounts._account(owner, role, other).id,
                            "partner_id": other.id,
                            "name": label,
                            "currency_id": self.currency_id.id,
                            "amount_currency": sign * self.amount,
                            "balance": sign * balance,
                        }
                    )
                    for role, other, sign in (
                        ("deposit_due", partner, 1),
                        ("deposit", partner.browse(), -1),
                    )
                ],
            }
        )
        env.flush_all()
        move._post(soft=False)
        return move

    @api.model
    def _cron_write(self):
        """What is pending, each on its own: one owner's closed books or broken chart is that
        owner's alone, and is tried again the next night."""
        for session_id, company_id in self._pending():
            try:
                with self.env.cr.savepoint():
                    self._write_one(session_id, company_id)
                    self.env.flush_all()
            # Whatever it is, it must not keep the other owners' entries back.
            except Exception:
                self.env.invalidate_all(flush=False)
                _logger.exception(
                    "cups of session %s not written at company %s", session_id, company_id
                )
                continue
            if not self.env["ir.cron"]._commit_progress(0):
                break


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _write_pending(self, companies=None, include_today=False):
        entries = super()._write_pending(companies, include_today)
        self.env["tibillet.deposit.mirror"]._write_pending(companies)
        return entries

    @api.model
    def _cron_write_entries(self):
        result = super()._cron_write_entries()
        self.env["tibillet.deposit.mirror"]._cron_write()
        return result
