{
    "name": "TiBillet Till for Events",
    "summary": "Seats are put aside at the till before the money is taken",
    "version": "19.0.0.1.0",
    "category": "Sales/Point of Sale",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["tibillet_event", "tibillet_pos_nfc", "pos_event"],
    "data": [
        "security/box_office/ir.model.access.csv",
        "views/pos_config_views.xml",
        "views/box_office_views.xml",
        "views/festival_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": ["tibillet_pos_event/static/src/app/**/*"],
        "web.assets_tests": ["tibillet_pos_event/static/tests/tours/**/*"],
    },
    "auto_install": True,
    "installable": True,
}
