from odoo import fields, models


class TibilletCardBatch(models.Model):
    """Cards printed together. The host of their QR is fixed here: it stands on plastic."""

    _name = "tibillet.card.batch"
    _description = "Batch of cards"
    _order = "id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    medium = fields.Selection(
        [
            ("card", "Card"),
            ("wristband", "Wristband"),
            ("keyring", "Key ring"),
            ("sticker", "Sticker"),
        ],
        required=True,
        default="card",
    )
    host = fields.Char(
        required=True,
        help="Host name printed in the QR, without https://. It must still answer in ten years.",
    )
    card_ids = fields.One2many("tibillet.card", "batch_id")

    _host_format = models.Constraint(
        "CHECK (host ~ '^[a-z0-9.-]+(:[0-9]+)?$')", "The host is a name such as carte.example.org."
    )
