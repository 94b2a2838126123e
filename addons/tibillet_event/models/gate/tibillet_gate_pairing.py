import datetime
import hmac
import io

import qrcode
import qrcode.image.svg
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import hmac as signed

SCOPE = "tibillet-gate-pairing"


class TibilletGatePairing(models.Model):
    """A link, shown as a QR, by which phones become gate phones; one serves many volunteers.

    The token is computed from the server's secret and this row: nothing that opens the gate is
    stored, and an address with it carries it in its fragment, which no server log sees.
    """

    _name = "tibillet.gate.pairing"
    _description = "Pairing link of a gate"
    _order = "id desc"

    list_id = fields.Many2one("tibillet.gate.list", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    gate_id = fields.Many2one(
        "tibillet.gate", required=True, ondelete="cascade", domain="[('list_id', '=', list_id)]"
    )
    until = fields.Datetime(
        string="Phones work until",
        required=True,
        default=lambda self: fields.Datetime.now() + datetime.timedelta(hours=24),
    )
    most = fields.Integer(string="Phones at most", required=True, default=30)
    may_search = fields.Boolean(string="May search by name")
    revoked_at = fields.Datetime(string="Revoked on", readonly=True, copy=False)
    device_ids = fields.One2many("tibillet.gate.device", "pairing_id", string="Phones")
    link = fields.Char(compute="_compute_link", groups="event.group_event_user")
    picture = fields.Html(
        string="QR", compute="_compute_link", groups="event.group_event_user", sanitize=False
    )

    @api.constrains("gate_id", "list_id", "most", "until")
    def _check_pairing(self):
        for one in self:
            if one.gate_id.list_id != one.list_id:
                raise ValidationError(self.env._("The gate belongs to another list."))
            if not 1 <= one.most <= 500:
                raise ValidationError(self.env._("A link serves 1 to 500 phones."))
            if one.until > fields.Datetime.now() + datetime.timedelta(days=60):
                raise ValidationError(self.env._("A link works for 60 days at most."))

    def write(self, vals):
        if "revoked_at" in vals and not self.env.su:
            raise UserError(self.env._("A link is revoked by its button, and stays so."))
        return super().write(vals)

    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.list_id.name} · {one.gate_id.name}"

    def _compute_link(self):
        for one in self:
            base = one.list_id.event_ids[:1].get_base_url()
            one.link = f"{base}/tibillet/gate#p={one._token()}" if one.id else False
            # Drawn here: an address with the token in it would stand in a log.
            one.picture = _drawn(one.link) if one.link else False

    def _token(self):
        self.ensure_one()
        return f"{self.id}.{self._signature()}"

    def _signature(self):
        known = (self.id, self.list_id.id, self.gate_id.id, str(self.create_date))
        return signed(self.env(su=True), SCOPE, known)[:32]

    @api.model
    def _by_token(self, token):
        """The link of this token in sudo, or none."""
        number, __, signature = str(token or "").partition(".")
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            return self.sudo().browse()
        found_sudo = self.sudo().browse(int(number)).exists()  # its token is the right to it
        if found_sudo and hmac.compare_digest(
            found_sudo._signature().encode(), signature.encode("utf-8", "replace")
        ):
            return found_sudo
        return self.sudo().browse()

    def _refusal(self):
        """Why this link pairs no phone, a code; empty when it does."""
        if not self:
            return "unknown"
        self.ensure_one()
        if self.revoked_at:
            return "revoked"
        if self.until <= fields.Datetime.now() or not self.list_id.active:
            return "expired"
        return "full" if len(self.device_ids) >= self.most else ""

    def action_revoke(self):
        """No further phone, and those that it paired are refused from now on."""
        self.check_access("write")
        links_sudo = self.sudo()  # the mark that nobody writes by hand
        links_sudo.filtered(lambda one: not one.revoked_at).revoked_at = fields.Datetime.now()
        links_sudo.device_ids.action_revoke()
        return True


def _drawn(text):
    """The text as an SVG QR, as wide as its box."""
    out = io.BytesIO()
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=4)
    image.save(out)
    drawing = out.getvalue().decode().partition("?>")[2]
    return Markup('<div style="max-width:320px">%s</div>') % Markup(drawing)
