import hmac

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.misc import hmac as signed

SCOPE = "tibillet-ticket"


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_transferred_at = fields.Datetime(string="Changed hands on", copy=False, readonly=True)
    tibillet_lang = fields.Char(string="Language of the holder", copy=False, readonly=True)

    # -- the holder's page -------------------------------------------------------------------------

    def _tibillet_token(self):
        """The signature of a ticket's page; with the code of a ticket its page changes too."""
        self.ensure_one()
        return signed(self.env(su=True), SCOPE, (self.id, self.barcode))[:40]

    def _tibillet_page(self, token):
        """Whether the token opens this ticket's page."""
        self.ensure_one()
        return bool(self.exists()) and hmac.compare_digest(
            self._tibillet_token().encode(), (token or "").encode()
        )

    def _tibillet_page_url(self):
        """The page on which a holder gives a ticket to a friend or cancels it."""
        self.ensure_one()
        return f"/my/ticket/{self.id}/{self._tibillet_token()}"

    def _tibillet_page_title(self):
        self.ensure_one()
        return self.env._("Ticket of %s: see, give or cancel", self.name or f"#{self.id}")

    def _tibillet_page_link(self):
        """The same, whole, for a mail."""
        return self.event_id.get_base_url() + self._tibillet_page_url()

    # -- another holder ----------------------------------------------------------------------------

    def _tibillet_cannot_change(self):
        """Why this ticket does not change hands, or an empty text."""
        self.ensure_one()
        if self.tibillet_replaced_by_id:
            return self._tibillet_given_on_text()
        if self.state == "cancel" or not self.active:
            return self.env._("This ticket was cancelled: it cannot be given on.")
        if self.state == "done":
            return self.env._("This ticket was scanned at the entrance: it stays as it is.")
        if self.tibillet_pass_id:
            return self.env._("This seat comes with a pass: give the pass.")
        if "done" in self.tibillet_pass_seat_ids.mapped("state"):
            return self.env._("A part of this pass was used: it stays as it is.")
        if self.state == "draft" or (self.sale_order_id and self.sale_order_id.state != "sale"):
            return self.env._("This order is not paid yet.")
        return self.event_id._tibillet_transfer_closed(self.event_slot_id.start_datetime)

    def _tibillet_give(self, name, email, lang=None):
        """Give the ticket to somebody else: it is cancelled, and theirs is a new registration in
        the same seat. The same answer twice changes nothing the second time.

        Another name for the same address stays the same ticket, unless names are checked.

        :param lang: in which the new holder is written to, when we do not know them
        :return: the registration that holds the seat now
        :raises UserError: a sentence; nothing was changed
        """
        self.ensure_one()
        self.env["tibillet.ticket.refund"]._take_turn(self.env["sale.order"], self)
        name, wanted = " ".join((name or "").split())[:128], email_normalize(email or "")
        after_sudo = self.sudo().tibillet_replaced_by_id  # whether the same was asked before
        if after_sudo and (name, wanted) == (after_sudo.name, after_sudo.email):
            return after_sudo.with_env(self.env)
        if sentence := self._tibillet_cannot_change():
            raise UserError(sentence)
        if not name:
            raise UserError(self.env._("Write the name of who comes."))
        if not wanted:
            raise UserError(self.env._("This address is not complete: name@example.org"))
        former = {"name": self.name, "email": self._tibillet_address(), "lang": self._holder_lang()}
        same_person = wanted == email_normalize(former["email"] or "")
        if same_person and name == self.name:
            return self
        if same_person and not self.event_id._tibillet_is_nominative(self.event_ticket_id.id):
            return self._tibillet_rename(name)
        if not same_person:
            self._check_new_holder(wanted)
        known = self.env["res.partner"].search([("email_normalized", "=", wanted)], limit=1)
        after = self._tibillet_hand_on(name, wanted, known.lang or lang or former["lang"])
        after._tell_of_change(former)
        self._message_log(
            body=self.env._("Given on to %s: this ticket is not valid any more.", after.name)
        )
        return after

    def _tibillet_rename(self, name):
        """The same person, written otherwise: ticket, code and number stay."""
        before = self.name or "?"
        self.name = name
        self._message_log(
            body=self.env._("Name changed: %(before)s is now %(now)s.", before=before, now=name)
        )
        return self

    def _check_new_holder(self, email):
        """What the rate and the event ask of a person is asked of the new one.

        :raises UserError: over a limit, or without the right
        """
        event, rate = self.event_id, self.event_ticket_id
        person = self.env["res.partner"].search([("email_normalized", "=", email)], limit=1)
        if rate and not rate._tibillet_opened_to(person):
            raise UserError(
                self.env._(
                    "“%(rate)s” is for %(whom)s: %(email)s is not known as such.",
                    rate=rate.name,
                    whom=rate._tibillet_for_whom(),
                    email=email,
                )
            )
        if event._tibillet_has_limits():
            self.env["tibillet.rate.person"]._touch(event, {email})
            nobody = self.env["res.partner"]
            if said := event._tibillet_over([rate], nobody, {email}, None, named=email):
                raise UserError("\n".join(said))

    def _holder_lang(self):
        return self.tibillet_lang or self.partner_id.lang or self.event_id.lang

    def _tell_of_change(self, former):
        """Both are told; the event's history keeps it."""
        self._message_log(
            body=self.env._(
                "Given on by %(before)s to %(now)s; the former code is not valid any more.",
                before=former["name"] or former["email"] or "?",
                now=self.name,
            )
        )
        self.env.ref("tibillet_event.mail_template_ticket_yours").send_mail(self.id)
        if former["email"] and email_normalize(former["email"]) != self.email:
            template = self.env.ref("tibillet_event.mail_template_ticket_given")
            template.with_context(tibillet_former=former).send_mail(
                self.id, email_values={"email_to": former["email"], "recipient_ids": []}
            )
