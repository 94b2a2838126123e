from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_offline_seats = fields.Integer(
        string="Seats kept for sales without network",
        help="Of each rate of the events of today, so many seats are put aside for each paired "
        "device of this till, until its session is closed. It sells them when the network or the "
        "last other seat is gone. 0: without network no seat is sold.",
    )

    _tibillet_offline_seats_bounds = models.Constraint(
        "CHECK (tibillet_offline_seats BETWEEN 0 AND 100)",
        "A till keeps between 0 and 100 seats of a rate for sales without network.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_offline_seats = fields.Integer(
        related="pos_config_id.tibillet_offline_seats", readonly=False
    )
