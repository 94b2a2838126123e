{
    "name": "TiBillet Agenda",
    "summary": "Roles of those who write the shared agenda and of those who publish it",
    "version": "19.0.0.2.0",
    "category": "Services/TiBillet",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": ["tibillet_event"],
    "data": ["security/tibillet_agenda_groups.xml"],
    "application": True,
    "installable": True,
}
