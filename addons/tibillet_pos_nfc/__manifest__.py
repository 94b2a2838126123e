{
    "name": "TiBillet Till",
    "summary": "Tap a card on a reader to pay at the point of sale",
    "version": "19.0.0.2.0",
    "category": "Sales/Point of Sale",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["tibillet_wallet", "pos_restaurant", "pos_hr"],
    "data": [
        "security/tibillet_pos_nfc_groups.xml",
        "security/ir.model.access.csv",
        "security/tibillet_pos_nfc_rules.xml",
        "security/undo/ir.model.access.csv",
        "security/undo/undo_rules.xml",
        "views/tibillet_device_views.xml",
        "views/pos_payment_method_views.xml",
        "views/pos_payment_views.xml",
        "views/pos_config_views.xml",
        "views/law_views.xml",
        "views/undo_dispute_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "tibillet_pos_nfc/static/src/app/**/*",
        ],
        "web.assets_unit_tests": [
            "tibillet_pos_nfc/static/tests/unit/**/*",
        ],
        "web.assets_tests": [
            "tibillet_pos_nfc/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
