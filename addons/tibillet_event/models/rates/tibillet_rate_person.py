import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class TibilletRatePerson(models.Model):
    """One row per event and person who buys under a limit: two baskets at once collide on it.

    Nobody reads it. It bears a digest instead of an address, and is gone after a day.
    """

    _name = "tibillet.rate.person"
    _description = "Buyer under a limit"

    event_id = fields.Many2one("event.event", required=True, ondelete="cascade")
    person = fields.Char(required=True)
    touched_at = fields.Datetime(required=True)

    _one_row = models.UniqueIndex("(event_id, person)")
    _old = models.Index("(touched_at)")

    @api.model
    def _touch(self, event, emails):
        """Make whoever counts the same person's places at the same time begin again.

        An update, not a lock: who waited for a lock would count in its old snapshot.
        """
        for email in sorted(emails):
            person = hashlib.sha256(email.encode()).hexdigest()
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO tibillet_rate_person (event_id, person, touched_at)
                         VALUES (%s, %s, tibillet_now())
                    ON CONFLICT (event_id, person) DO UPDATE SET touched_at = tibillet_now()
                    """,
                    event.id,
                    person,
                )
            )

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM tibillet_rate_person
                 WHERE touched_at < tibillet_now() - interval '1 day'
                """
            )
        )
