"""An event that writes text messages says by them, too, that it is moved or cancelled."""

from odoo import models

# What Odoo would take for a part of a template, of a name that somebody typed.
BRACES = str.maketrans("", "", "{}")


class EventEvent(models.Model):
    _inherit = "event.event"

    def _tibillet_texts(self):
        """Whether its organiser chose text messages: its communication has one.

        Odoo's `event_sms` offers them; without it no line of an event is one.
        """
        self.ensure_one()
        # sudo: what an event sends is not secret to who cancels or moves it
        return "sms" in self.sudo().event_mail_ids.mapped("notification_type")

    def _tibillet_notice_text(self, notice):
        """The message, in the language in use."""
        self.ensure_one()
        said = {
            "organiser": self._tibillet_organiser().name.translate(BRACES),
            "event": self.name.translate(BRACES),
            "when": self._tibillet_when(form="EEE d MMM, HH:mm"),
        }
        if notice == "moved":
            return self.env._(
                "%(organiser)s: %(event)s has another date: %(when)s. Your ticket stays valid.",
                **said,
            )
        return self.env._(
            "%(organiser)s: %(event)s is cancelled. What becomes of your money, the organiser"
            " writes by mail.",
            **said,
        )


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _tibillet_number_to_text(self):
        """The phone that is written to; empty when there is none or the event writes none."""
        self.ensure_one()
        return self.event_id._tibillet_texts() and (self.phone or self.partner_id.phone)

    def _tibillet_text(self, event, notice):
        """Queue one message for each number; Odoo leaves out who opted out."""
        reached = self.filtered(lambda one: one._tibillet_number_to_text())
        for lang, people in reached.grouped(lambda one: one._holder_lang()).items():
            body = event.with_context(lang=lang)._tibillet_notice_text(notice)
            people._message_sms_schedule_mass(body=body)
