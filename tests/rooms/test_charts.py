"""The books on a chart that is neither French nor generic: Belgium's, for a company and for an
association. Its module is nobody's dependency here, so it is installed for this test alone.
"""

BOOKS = """
modules = env["ir.module.module"]
modules.update_list()
modules.search([("name", "in", ["tibillet_wallet", "l10n_be"])]).button_immediate_install()
env.cr.commit()

from datetime import datetime
from odoo.api import Environment
env = Environment(env.cr, env.uid, {})
env.ref("base.EUR").active = True
# A new Belgian company would install what is meant for its country, with packages of its own.
env = env(context={**env.context, "install_mode": True})
for chart in ("be_comp", "be_asso"):
    company = env["res.company"].create(
        {"name": chart, "country_id": env.ref("base.be").id, "currency_id": env.ref("base.EUR").id}
    )
    env["account.chart.template"].try_loading(chart, company, install_demo=False)
    assert company.chart_template == chart, company.chart_template
    taken = set(env["account.account"].with_company(company).search([]).mapped("code"))
    asset = env["tibillet.asset"].create(
        {"name": "Jeton", "code": chart.replace("_", "-"), "kind": "local",
         "company_id": company.id}
    )
    other = env["res.partner"].create({"name": "Le Phare"})
    roles = env["tibillet.book.account"]
    wanted = {
        "clearing": (company.tibillet_clearing_account_id, "liability_current"),
        "liability": (asset.liability_account_id, "liability_current"),
        "due_from": (roles._account(company, "due_from", other), "asset_current"),
        "due_to": (roles._account(company, "due_to", other), "liability_current"),
        "deposit": (roles._account(company, "deposit"), "liability_current"),
        "claim": (roles._account(company, "claim"), "asset_receivable"),
        "gift_expense": (roles._account(company, "gift_expense"), "expense"),
        "gift_income": (roles._account(company, "gift_income"), "income_other"),
        "forfeit_income": (roles._account(company, "forfeit_income"), "income_other"),
        "volunteer_use": (roles._account(company, "volunteer_use"), "off_balance"),
        "volunteer_gift": (roles._account(company, "volunteer_gift"), "off_balance"),
    }
    codes = []
    for role, (account, kind) in wanted.items():
        code = account.with_company(company).code
        assert account.account_type == kind, (chart, role, account.account_type)
        assert code and ".copy" not in code, (chart, role, code)
        codes.append(code)
    assert len(set(codes)) == len(wanted), codes
    assert company.tibillet_topup_product_id and not company.tibillet_topup_product_id.taxes_id
    company.tibillet_association = True
    count = env["account.account"].search_count([])
    company._tibillet_ensure_accounts()
    assert env["account.account"].search_count([]) == count, "754 and 756 are French numbers"

    card = env["tibillet.card"].create(
        {"uid": "04" + str(company.id).zfill(12), "company_id": company.id, "state": "anonymous"}
    )
    account = env["tibillet.account"]._get
    place = env["tibillet.wallet"]._of_place(company)
    issuer, holder = account(asset.issuer_wallet_id, asset), account(card.wallet_id, asset)
    env["tibillet.ledger"]._post([
        {"key": chart + number, "origin": "test", "code": code, "company_id": company.id,
         "occurred_at": datetime(2026, 1, 15, 12), "transfers": [(debit.id, credit.id, minor)]}
        for number, code, debit, credit, minor in (
            ("-1", "topup", issuer, holder, 2000),
            ("-2", "sale", holder, account(place, asset), 600),
        )
    ])
    entries = env["tibillet.books"]._write_pending(company)
    assert entries.move_id.state == "posted"
    control = env["tibillet.books"]._control(company)
    assert control["ok"] and control["assets"][0]["books_minor"] == 1400, control
    result = (result or []) + [chart]
"""


def test_the_books_of_belgian_companies(new_database):
    written = new_database(core=True).shell(BOOKS, timeout=600)
    assert written == ["be_comp", "be_asso"]
