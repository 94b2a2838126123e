from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EventTrackLocation(models.Model):
    """A stage of a festival is its place's; others stay everybody's, as in Odoo."""

    _inherit = "event.track.location"

    tibillet_festival_id = fields.Many2one(
        "tibillet.festival", string="Festival", index="btree_not_null", ondelete="cascade"
    )


class EventTrack(models.Model):
    """An act of the line-up, on a stage at its time."""

    _inherit = "event.track"

    tibillet_festival_id = fields.Many2one(
        related="event_id.tibillet_festival_id", store=True, index="btree_not_null"
    )

    @api.constrains("event_id", "location_id")
    def _check_tibillet_stage(self):
        for track in self:
            festival_sudo = track.location_id.sudo().tibillet_festival_id  # which one it is
            if festival_sudo and festival_sudo != track.event_id.sudo().tibillet_festival_id:
                raise ValidationError(
                    self.env._(
                        "%(act)s: the stage %(stage)s belongs to another festival.",
                        act=track.name,
                        stage=track.location_id.name,
                    )
                )
