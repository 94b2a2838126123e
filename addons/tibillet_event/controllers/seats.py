import secrets
from collections import Counter

from odoo import http
from odoo.http import request

from odoo.addons.website_event_sale.controllers.main import WebsiteEventSaleController

from ..exceptions import SeatsError
from .rates_form import RatesForm

SESSION = "tibillet_seats"  # event id → key of the hold of this visitor
CHOICES = ("event-seats", 300, 600)  # of one address in ten minutes: a venue's own network too
MOST_EVENTS = 20  # of which one visitor's session remembers the holds


class SeatsController(WebsiteEventSaleController):
    """Seats are put aside when rates are chosen, and found again when names are sent."""

    @http.route()
    def registration_new(self, event, **post):
        """Hold the seats that were chosen, then ask for the names."""
        if RatesForm(event, post).sentences_on_rates():
            return super().registration_new(event, **post)  # says what is wrong; holds nothing
        chosen = self._process_tickets_form(event, post) or []
        wanted = Counter()
        for line in chosen:
            slot = int(post.get("event_slot_id") or 0)
            wanted[slot, line["id"]] += line["quantity"]
        limited = any(line["quantity"] > line["current_limit_per_order"] for line in chosen)
        if wanted and not limited and event.event_registrations_started and not event.is_finished:
            # What this visitor chose before is theirs to choose again.
            request.update_context(tibillet_hold_ids=self._known(event).ids)
            event = event.with_env(request.env)
            try:
                self._hold(event, wanted)
            except SeatsError as refusal:
                return request.env["ir.ui.view"]._render_template(
                    "tibillet_event.seats_refused", {"event": event, "sentence": str(refusal)}
                )
        return super().registration_new(event, **post)

    @http.route()
    def registration_confirm(self, event, **post):
        """Register into the seats that were held; hold them now for who comes without."""
        if RatesForm(event, post).sentences_on_attendees():
            return super().registration_confirm(event, **post)  # says what is wrong
        wanted = Counter(
            (data.get("event_slot_id") or 0, data.get("event_ticket_id") or 0)
            for data in self._process_attendees_form(event, post)
        )
        holds = self._held(event, wanted)
        if wanted and holds is None:
            try:
                self._hold(event, wanted)
            except SeatsError:
                return self._sold_out(event)
            # Committed in a transaction of its own: ours, begun before, would not see the hold.
            request.env.cr.commit()  # pylint: disable=invalid-commit
            request.env.invalidate_all()
            holds = self._held(event, wanted)
        request.update_context(tibillet_hold_ids=self._known(event).ids if holds else [])
        try:
            answer = super().registration_confirm(event.with_env(request.env), **post)
        except SeatsError:  # somebody else's, in the second in which the hold ended
            request.env.cr.rollback()
            return self._sold_out(event)
        self._forget(event)
        return answer

    def _create_attendees_from_registration_post(self, event, registration_data):
        """Each registration names the hold in which its seat is."""
        ids = request.env.context.get("tibillet_hold_ids") or []
        holds_sudo = request.env["tibillet.seat.hold"].sudo().browse(ids)  # the visitor's own
        by_what = {
            (hold.slot_id.id, hold.ticket_id.id): hold.id
            for hold in holds_sudo
            if hold.event_id == event  # a pass holds seats of its events too
        }
        for data in registration_data:
            what = (data.get("event_slot_id") or False, data.get("event_ticket_id") or False)
            data["tibillet_seat_hold_id"] = by_what.get(what)
        return super()._create_attendees_from_registration_post(event, registration_data)

    # -- the visitor's holds ------------------------------------------------------------

    def _hold(self, event, wanted):
        """Hold what is wanted under a new key of this session, instead of the one before.

        :raises SeatsError: and what was held before is still held
        """
        if not request.env["tibillet.rate.limit"]._hit_request(*CHOICES).allowed:
            raise SeatsError(
                "rate_limited",
                request.env._("Seats were chosen too often from here. Try again in a few minutes."),
            )
        seats_sudo = request.env["tibillet.seats"].sudo()  # a visitor holds by the door alone
        remembered = dict(request.session.get(SESSION) or {})
        former = remembered.get(str(event.id))
        key = f"web:{secrets.token_urlsafe(24)}"
        lines = [(event.id, slot, ticket, number) for (slot, ticket), number in wanted.items()]
        minutes = seats_sudo._minutes(event.company_id)
        seats_sudo._hold_instead(former, key, lines, minutes)
        remembered.pop(str(event.id), None)  # the latest stands last
        remembered[str(event.id)] = key
        for old in list(remembered)[:-MOST_EVENTS]:
            del remembered[old]
        request.session[SESSION] = remembered
        request.update_context(tibillet_hold_seconds=minutes * 60)

    def _held(self, event, wanted):
        """The session's live holds of exactly what is wanted: (slot, rate) → hold, or None."""
        holds_sudo = self._known(event)
        held = {
            (hold.slot_id.id or 0, hold.ticket_id.id or 0): hold
            for hold in holds_sudo
            if hold.event_id == event  # a pass holds seats of its events too
        }
        enough = all(what in held and held[what].remaining >= n for what, n in wanted.items())
        return held if enough else None

    def _known(self, event):
        """The live holds of this session for an event, in sudo."""
        key = (request.session.get(SESSION) or {}).get(str(event.id))
        holds_sudo = request.env["tibillet.seat.hold"].sudo()  # by the key of their own session
        if not key:
            return holds_sudo
        now = request.env["tibillet.seats"]._now()
        return holds_sudo.search(
            [("key", "=", key), ("hold_until", ">", now), ("remaining", ">", 0)]
        )

    def _forget(self, event):
        remembered = dict(request.session.get(SESSION) or {})
        if remembered.pop(str(event.id), None):
            request.session[SESSION] = remembered

    def _sold_out(self, event):
        return request.redirect(
            f"/event/{event.id}/register?registration_error_code=insufficient_seats"
        )
