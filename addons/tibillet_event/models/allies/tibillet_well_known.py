import datetime

from odoo import api, models
from odoo.tools import SQL

from . import revoked

#: So long a list may be kept, by caches and by who fetched it, before it is asked for again.
FRESH_S = 60
PATH = "/tibillet/revoked/%s.json"


class TibilletWellKnown(models.AbstractModel):
    """Each place says where its list of void tickets is, and the list itself."""

    _inherit = "tibillet.well.known"

    @api.model
    def _place_document(self, place):
        base = self.env["ir.http"].get_base_url().rstrip("/")
        return {**super()._place_document(place), "revoked": base + PATH % place.number}

    @api.model
    def _revoked_body(self, place):
        """The signed list of a place, its bytes (``revoked.py`` says how it reads).

        The text changes when the list does or a minute passes: what it is signed with too.

        :raises SigningError: the key file cannot be used
        """
        place.ensure_one()
        now = int(datetime.datetime.now(datetime.UTC).timestamp())
        issued = now - now % FRESH_S
        signer = self.env["tibillet.signer"]
        kid = signer._kid(place, "ticket")
        text = revoked.write(
            place.number, kid, issued, issued + FRESH_S, self._revoked_digests(place)
        )
        signed = signer._sign(place, "ticket", revoked.to_sign(text), kid)
        return revoked.seal(text, signed.signature)

    @api.model
    def _revoked_digests(self, place):
        """Digests of the void tickets of events that are not over: the last ones, at most 10,000.

        A ticket is void when it was made so, and when its place was cancelled or put away.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.digest
                  FROM tibillet_ticket t
                  JOIN event_registration r ON r.id = t.registration_id
                 WHERE t.company_id = %s AND t.not_after > tibillet_now()
                   AND (t.voided_at IS NOT NULL OR r.state NOT IN ('open', 'done')
                        OR r.active IS FALSE)
                 ORDER BY COALESCE(t.voided_at, r.write_date) DESC, t.id DESC
                 LIMIT %s
                """,
                place.company_id.id,
                revoked.MOST,
            )
        )
        return sorted(digest for [digest] in rows)
