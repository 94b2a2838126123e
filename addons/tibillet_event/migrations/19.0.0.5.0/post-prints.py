"""Our mails about a place bear its ticket from now on, as they do where they are new."""

from odoo import SUPERUSER_ID, api

MAILS = ("ticket_yours", "event_moved")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    report = env.ref("event.action_report_event_registration_full_page_ticket")
    for name in MAILS:
        template = env.ref(f"tibillet_event.mail_template_{name}", raise_if_not_found=False)
        if template:
            template.report_template_ids |= report
