{
    "name": "TiBillet Wallet",
    "summary": "Places, cards and a double-entry ledger of local, gift and time currencies",
    "version": "19.0.0.1.0",
    "category": "Services/TiBillet",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["account_payment", "portal", "website_sale"],
    "data": [
        "security/tibillet_wallet_groups.xml",
        "security/ir.model.access.csv",
        "security/tibillet_wallet_rules.xml",
        "data/ir_cron.xml",
    ],
    "application": True,
    "installable": True,
}
