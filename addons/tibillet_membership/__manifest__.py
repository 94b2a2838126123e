{
    "name": "TiBillet Membership",
    "summary": "Roles of those who welcome members and of those who set memberships up",
    "version": "19.0.0.2.0",
    "category": "Services/TiBillet",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["tibillet_wallet"],
    "data": ["security/tibillet_membership_groups.xml"],
    "application": True,
    "installable": True,
}
