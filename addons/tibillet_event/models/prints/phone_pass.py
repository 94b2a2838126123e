"""A ticket as a pass file, for the application where a phone keeps cards and tickets."""

import datetime
import hashlib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from . import pictures, pkpass

ICON = "tibillet_event/static/description/icon.png"
WARN_DAYS = 30


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.model
    def _tibillet_makes_passes(self):
        """Whether this server can sign pass files."""
        try:
            pkpass.load()
        except pkpass.PassFileError:
            return False  # why, the health page says
        return True

    def _tibillet_pass_file(self):
        """This ticket as a pass, in the language in use.

        :raises UserError: the ticket is not good, or the server has nothing to sign with
        :return: bytes
        """
        self.ensure_one()
        try:
            signer = pkpass.load()
        except pkpass.PassFileError:
            raise UserError(
                self.env._("This venue makes no passes for phones. Show the ticket itself.")
            ) from None
        tickets, left_out = self._tibillet_printable()
        if not tickets:
            raise UserError("\n".join(left_out))
        ticket = tickets.with_env(self.env).sudo()  # a pass of several days, for its seats
        return pkpass.seal(signer, ticket._tibillet_pass_card(), ticket._tibillet_pass_pictures())

    def _tibillet_pass_card(self):
        """What its ``pass.json`` says."""
        event, slot = self.event_id, self.event_slot_id
        rows_sudo = self.env["tibillet.ticket.number"].sudo()  # its own number
        row_sudo = rows_sudo.search(
            [("registration_id", "=", self.id), ("cancelled_at", "=", False)], limit=1
        )
        sheet = self._tibillet_sheet(self._tibillet_face(), row_sudo)
        face = sheet.face
        organiser = "\n".join((*face.organiser, face.licence))
        number_word, rate_word, price_word = face.words[:3]
        __, closes = event._tibillet_gate_hours(slot)
        front = {
            "headerFields": [_field("number", number_word, sheet.number)],
            "primaryFields": [_field("event", "", face.event)],
            "secondaryFields": [
                _field("when", self.env._("When"), face.when),
                _field("where", self.env._("Where"), face.where),
            ],
            "auxiliaryFields": [
                _field("rate", rate_word, face.rate),
                _field("price", price_word, sheet.price),
                _field("holder", self.env._("Name"), sheet.holder),
            ],
            "backFields": [
                _field("opens", self.env._("Opens"), "\n".join(face.opens)),
                _field("terms", self.env._("Terms"), face.terms),
                _field("organiser", self.env._("Organiser"), organiser),
                _field("vat", self.env._("VAT"), sheet.vat),
                _field("sold", self.env._("Sale"), sheet.sold),
            ],
        }
        return {
            "serialNumber": hashlib.sha256(sheet.text.encode()).hexdigest()[:32],
            "organizationName": event._tibillet_organiser().name,
            "description": self.env._("Ticket for %s", face.event),
            "relevantDate": _moment(slot.start_datetime or event.date_begin),
            "expirationDate": _moment(closes),
            "sharingProhibited": True,  # it is given on by its page, with a code of its own
            "foregroundColor": "rgb(26,26,26)",
            "labelColor": "rgb(85,85,85)",
            "backgroundColor": "rgb(255,255,255)",
            "barcodes": [
                {
                    "format": "PKBarcodeFormatQR",
                    "message": sheet.text,
                    "messageEncoding": "iso-8859-1",
                    "altText": sheet.number,
                }
            ],
            "eventTicket": {
                part: [field for field in fields if field["value"]]
                for part, fields in front.items()
            },
        }

    def _tibillet_pass_pictures(self):
        event = self.event_id
        company = event._tibillet_organiser()
        with file_open(ICON, "rb") as stream:
            icon = stream.read()
        mark = None if company.uses_default_logo else company.logo
        return pictures.of_a_pass(icon, mark, event.tibillet_picture)


def _field(key, label, value):
    return {"key": key, "label": label, "value": value.strip()}


def _moment(when):
    """A UTC datetime as passes write it."""
    return f"{when:%Y-%m-%dT%H:%M:%S}Z"


class TibilletHealth(models.AbstractModel):
    _inherit = "tibillet.health"

    @api.model
    def _parts(self):
        return {**super()._parts(), "passes": self._part_passes}

    @api.model
    def _part_passes(self):
        """Whether pass files can be signed; a server without them is well."""
        try:
            signer = pkpass.load()
        except pkpass.PassFileError as error:
            answer = {"possible": False, "problem": error.problem}
            if error.problem != "unset":
                answer["warning"] = f"No passes for phones: the pass file is {error.problem}."
            return answer
        left = signer.certificate.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
        answer = {"possible": True, "days_left": left.days}
        if left.days < WARN_DAYS:
            answer["warning"] = "The certificate of passes for phones is over within a month."
        return answer
