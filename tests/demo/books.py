"""The books of one place of the demo, as its accountant reads them."""

import datetime

from tools.demo.territory import PLACES

XMLID = "__tibillet_demo__"
SLUGS = [place.slug for place in PLACES]


class Books:
    def __init__(self, env, company):
        self.env = env(context={"allowed_company_ids": [company.id]})
        self.company = company.with_env(self.env)
        self.clearing = self.company.tibillet_clearing_account_id

    def balance(self, accounts):
        """Posted balance in cents, debit positive."""
        self.env.cr.execute(
            "SELECT COALESCE(round(sum(balance) * 100), 0)::bigint FROM account_move_line"
            " WHERE company_id = %s AND account_id = ANY(%s) AND parent_state = 'posted'",
            [self.company.id, accounts.ids],
        )
        return self.env.cr.fetchone()[0]

    def role(self, role):
        found = self.env["tibillet.book.account"].search(
            [("company_id", "=", self.company.id), ("role", "=", role)]
        )
        return {row.partner_id: row.account_id for row in found}

    def held(self, asset):
        """What cards and people hold, in the asset's minor units."""
        return self.sum(
            """SELECT sum(a.balance_minor) FROM tibillet_account a
                 JOIN tibillet_wallet w ON w.id = a.wallet_id
                WHERE a.asset_id = %s AND w.kind IN ('person', 'card')""",
            asset.id,
        )

    def sum(self, query, *values):
        self.env.cr.execute(query, values)
        return int(self.env.cr.fetchone()[0] or 0)

    def control(self):
        """The control's figures of the company."""
        return self.env["tibillet.books"]._control(self.company)

    def fec(self):
        """The file of the fiscal year so far, as Odoo's wizard writes it: name and content."""
        last = datetime.date.today()
        first = last - datetime.timedelta(days=40)
        wizard = self.env["l10n_fr.fec.export.wizard"].create(
            {"date_from": first, "date_to": last, "test_file": True}
        )
        made = wizard.generate_fec()
        return made["file_name"], made["file_content"], first, last
