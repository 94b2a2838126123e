{
    "name": "TiBillet Event",
    "summary": "Roles of the gate, of the programme and of the box office's manager",
    "version": "19.0.0.2.0",
    "category": "Services/TiBillet",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["tibillet_wallet", "website_event_sale", "website_event_track"],
    "data": [
        "security/tibillet_event_groups.xml",
        "views/tibillet_budget_views.xml",
        "security/rates/ir.model.access.csv",
        "security/rates/tibillet_rates_rules.xml",
        "views/rates/rates_views.xml",
        "views/rates/tibillet_code_views.xml",
        "views/rates/rates_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": ["tibillet_event/static/src/rates/**/*"],
    },
    "application": True,
    "installable": True,
}
