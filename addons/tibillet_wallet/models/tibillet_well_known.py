import hashlib
import json
import uuid

from odoo import api, models

from .. import version

NODE_PARAMETER = "tibillet.node_id"


class TibilletWellKnown(models.AbstractModel):
    """What this node tells everyone: ``/.well-known/tibillet``.

    Addons add their part by extending :meth:`_document` or :meth:`_place_document`; everything
    in it is public.
    """

    _name = "tibillet.well.known"
    _description = "Public description of the node"

    @api.model
    def _document(self):
        """The document as a dictionary of plain JSON."""
        # sudo: a public page; what it tells of each record is listed here, by name.
        places_sudo = self.env["tibillet.place"].sudo().search([])
        keys_sudo = self.env["tibillet.key"].sudo().search([("revoked_at", "=", False)], order="id")
        return {
            "version": 1,
            "node": self._node(),
            "keys": [key._jwk() for key in keys_sudo],
            "places": [self._place_document(place) for place in places_sudo],
        }

    @api.model
    def _node(self):
        """Identity of the node and what it runs. The id is drawn once, at install."""
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        return {
            "id": parameter_sudo.get_param(NODE_PARAMETER, ""),
            "software": "TiBillet for Odoo",
            "release": version.release(),
            "source": self.env["ir.http"].get_base_url().rstrip("/") + "/tibillet/source",
        }

    @api.model
    def _place_document(self, place):
        """What is told of one place (in sudo)."""
        return {
            "number": place.number,
            "slug": place.slug,
            "name": place.name,
            "url": place.url,
        }

    @api.model
    def _body(self):
        """The document's bytes and their strong entity tag."""
        body = json.dumps(
            self._document(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        return body, hashlib.sha256(body).hexdigest()[:32]

    @api.model
    def _init_node(self):
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        if not parameter_sudo.get_param(NODE_PARAMETER):
            parameter_sudo.set_param(NODE_PARAMETER, str(uuid.uuid4()))
