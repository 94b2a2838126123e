"""Signing up on the website, and what mails and pages say."""

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize
from odoo.tools.misc import hmac

MOST_SHIFTS = 200
SCOPE = "tibillet_volunteer"


class TibilletShift(models.Model):
    _inherit = "tibillet.shift"

    def _planning(self, occasion):
        """The action that shows an occasion's shifts."""
        occasion.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_event.tibillet_shift_action"
        )
        field = "event_id" if occasion._name == "event.event" else "festival_id"
        domain = [(field, "=", occasion.id)]
        if field == "festival_id":
            domain = ["|", *domain, ("event_id.tibillet_festival_id", "=", occasion.id)]
        return {**action, "domain": domain, "context": {f"default_{field}": occasion.id}}

    @api.model
    def _open(self, occasion):
        """Shifts of a domain that have not begun and are on the website, in sudo."""
        shifts_sudo = self.sudo()  # what is offered to everybody
        return shifts_sudo.search(
            [*occasion, ("is_open", "=", True), ("date_begin", ">", fields.Datetime.now())],
            limit=MOST_SHIFTS,
        )

    def _sign_up(self, name, email, lang=None):
        """Propose somebody for these shifts, each by itself; one mail tells what was taken.

        :returns: (volunteers, [(shift, sentence)] of what could not be)
        :raises UserError: when name or address cannot be used; nothing was kept
        """
        name, address = (name or "").strip()[:128], email_normalize((email or "")[:254])
        if not name:
            raise UserError(self.env._("Write your name."))
        if not address:
            raise UserError(self.env._("This address is not complete: name@example.org"))
        if not self:
            raise UserError(self.env._("Choose a shift at least."))
        rows_sudo = self.env["tibillet.shift.volunteer"].sudo()  # by this door alone
        partner = self._person(name, address, lang)
        done, refused = rows_sudo.browse(), []
        for shift in self.sorted("date_begin"):
            values = {"shift_id": shift.id, "partner_id": partner.id, "lang": lang}
            try:
                with self.env.cr.savepoint():
                    done |= rows_sudo.create({**values, "state": "proposed"})
                    self.env.flush_all()
            except psycopg2.IntegrityError as error:
                refused.append((shift, shift._refusal(error)))
        self.invalidate_recordset(["taken"])
        if done:
            done._tell()
        return done, refused

    def _refusal(self, error):
        """A sentence on the guard that refused."""
        guard = getattr(error.diag, "constraint_name", "") or ""
        if guard.endswith("not_overfull"):
            return self.env._("The last place has just been taken.")
        if guard.endswith("no_overlap"):
            return self.env._("You have another shift at that time.")
        if guard.endswith("once"):
            return self.env._("You are on this shift already.")
        raise error

    def _person(self, name, address, lang):
        """The contact with this name and address, or a new one."""
        partners_sudo = self.env["res.partner"].sudo()  # a visitor reads no contact
        company = self[:1].company_id
        found = partners_sudo.search(
            [
                ("email_normalized", "=", address),
                ("name", "=ilike", _literal(name)),
                ("company_id", "in", (False, company.id)),
            ],
            order="id",
            limit=1,
        )
        return found or partners_sudo.create(
            {"name": name, "email": address, "lang": lang, "company_id": company.id}
        )


class TibilletShiftVolunteer(models.Model):
    _inherit = "tibillet.shift.volunteer"

    def _tell(self):
        """One mail per person with their shifts and the link; Odoo's queue sends it."""
        template = self.env.ref("tibillet_event.mail_template_volunteer")
        for rows in self.grouped("partner_id").values():
            if rows.partner_id.email:
                template.send_mail(rows[0].id)

    def _mine(self):
        """This person's shifts of the company that are not over, in sudo."""
        self.ensure_one()
        rows_sudo = self.sudo()  # of whoever has the signed address or gets the mail
        return rows_sudo.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("proposed", "confirmed", "present")),
                ("date_end", ">", fields.Datetime.now()),
            ]
        )

    def _may_cancel(self):
        """Whether the person may still cancel by the link."""
        self.ensure_one()
        until = fields.Datetime.subtract(self.date_begin, hours=self.shift_id.cancel_hours)
        return self.state in ("proposed", "confirmed") and fields.Datetime.now() <= until

    def _leave(self):
        """Cancelled by the person.

        :raises ValidationError: after the date until which it may be
        """
        self.ensure_one()
        if self.state == "cancelled":
            return
        if not self._may_cancel():
            raise ValidationError(
                self.env._("It is too late to cancel here: please call or write to us.")
            )
        self.state = "cancelled"

    def _signature(self):
        self.ensure_one()
        env_sudo = self.env(su=True)  # the database's secret
        return hmac(env_sudo, SCOPE, (self.partner_id.id, self.company_id.id))

    def _get_path(self):
        self.ensure_one()
        return f"/volunteers/{self.id}/{self._signature()}"

    def _get_url(self):
        """The page of this person's shifts; whoever has the address may cancel them."""
        self.ensure_one()
        occasion = self.shift_id.event_id or self.company_id
        return f"{occasion.get_base_url()}{self._get_path()}"


def _literal(text):
    """A pattern that matches this text alone."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
