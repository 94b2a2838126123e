from odoo import fields, models

#: What a venue is, as the declaration of shows asks.
VENUES = [
    ("theatre", "Theatre"),
    ("music", "Concert hall"),
    ("bar", "Café, bar, restaurant"),
    ("hall", "Village or multi-purpose hall"),
    ("open_air", "Open air"),
    ("worship", "Place of worship"),
    ("school", "School, library"),
    ("other", "Another place"),
]


class ResPartner(models.Model):
    _inherit = "res.partner"

    tibillet_venue = fields.Selection(
        VENUES, string="Type of place", help="For the declaration of shows."
    )
