{
    "name": "TiBillet Federation",
    "summary": "Roles of those who follow the federation and of its stewards",
    "version": "19.0.0.2.0",
    "category": "Services/TiBillet",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["tibillet_wallet"],
    "data": ["security/tibillet_federation_groups.xml"],
    "application": True,
    "installable": True,
}
