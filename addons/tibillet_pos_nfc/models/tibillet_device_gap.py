"""What is missing in a till's journal: a view, so that a late act closes its gap by itself."""

from odoo import fields, models
from odoo.tools import SQL


class TibilletDeviceGap(models.Model):
    _name = "tibillet.device.gap"
    _description = "Missing acts of a till"
    _auto = False
    _order = "device_id, first_seq"

    device_id = fields.Many2one("tibillet.device", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    first_seq = fields.Integer(string="From", readonly=True)
    last_seq = fields.Integer(string="To", readonly=True)
    noticed_at = fields.Datetime(
        readonly=True, help="When the act after the gap arrived; a late order closes it."
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT after.id, after.device_id, device.company_id,
                      after.previous + 1 AS first_seq, after.seq - 1 AS last_seq,
                      after.received_at AS noticed_at
                 FROM (SELECT id, device_id, seq, received_at,
                              LAG(seq, 1, 0) OVER (PARTITION BY device_id ORDER BY seq)
                                  AS previous
                         FROM tibillet_device_act) AS after
                 JOIN tibillet_device AS device ON device.id = after.device_id
                WHERE after.seq > after.previous + 1"""
        )
