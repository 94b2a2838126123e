import json

from odoo import api, models

from ...ledger_rules import RULES
from .checks import CHECKS, QUERIES


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _audit(self, step=None):
        """Sweep of the ledger's rules: {check: ids that break it}, empty when all hold.

        The checks and what their ids are stand in ``checks.CHECKS``, what each means in
        ``tibillet.audit.finding``. The books have a sweep of their own, ``_audit_books``.

        :param step: called after each query, to tell how far it is
        """
        self.env.flush_all()
        parameters = {"rules": self._rules_as_json()}
        found = {}
        for query in QUERIES:
            self.env.cr.execute(query, parameters)  # literals
            for name, row_id in self.env.cr.fetchall():
                found.setdefault(name, set()).add(row_id)
            if step:
                step()
        return {name: sorted(found[name]) for name in CHECKS if name in found}

    @api.model
    def _audit_books(self):
        """The books against the ledger: {check: ids of companies}, empty when they agree.

        ``books``: liabilities and clearing (``tibillet.books._control``); ``mirror``: what is
        due between two companies, as the ledger's movements that are booked say it.
        """
        books_sudo = self.env["tibillet.books"].sudo()  # of every company, whoever asks
        companies_sudo = books_sudo.env["res.company"].search(
            [("tibillet_clearing_account_id", "!=", False)]
        )
        found = {
            "books": [
                company_sudo.id
                for company_sudo in companies_sudo
                if not books_sudo._control(company_sudo)["ok"]
            ],
            "mirror": books_sudo._mirror_broken(),
        }
        return {name: ids for name, ids in found.items() if ids}

    @api.model
    def _rules_as_json(self):
        return json.dumps(
            [
                {
                    "code": code,
                    "debit": sorted(rule.debit),
                    "credit": sorted(rule.credit),
                    "supply": rule.supply,
                    "assets": sorted(rule.assets),
                    "capped": rule.capped,
                    "payout": rule.payout,
                    "earns": rule.earns,
                    "names": sorted(rule.names),
                }
                for code, rule in RULES.items()
            ]
        )
