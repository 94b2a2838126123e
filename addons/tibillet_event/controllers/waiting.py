from odoo.http import request, route
from odoo.tools import consteq

from ..exceptions import SeatsError
from .rates_form import AMOUNT, QUANTITY
from .seats import SESSION, SeatsController

JOINS = ("event-waiting", 20, 600)  # of one address in ten minutes: a family, not a robot
PAGE = "/event/waiting/<int:waiting_id>/<string:signature>"
TYPED = ("name", "email", "phone", "seats", "slot_id", "ticket_id")


class WaitingController(SeatsController):
    """The waiting list: joined from the event's page, taken or left by a signed address.

    Looking at the address changes nothing: mail programs open links by themselves.
    """

    # -- joining ---------------------------------------------------------------------------------

    @route(
        ['/event/<model("event.event"):event>/waiting'],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def waiting_form(self, event, **post):
        """The form that joins the list."""
        if not event.can_access_from_current_website():
            raise request.not_found()
        return self._waiting_form(event, {name: post.get(name) for name in TYPED})

    @route(
        ['/event/<model("event.event"):event>/waiting/join'],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def waiting_join(self, event, **post):
        """Join; what was typed stays when it cannot be."""
        if not event.can_access_from_current_website():
            raise request.not_found()
        typed = {name: post.get(name) for name in TYPED}
        if not request.env["tibillet.rate.limit"]._hit_request(*JOINS).allowed:
            said = request.env._("Too many tries from here. Try again in a few minutes.")
            return self._waiting_form(event, typed, said)
        user = request.env.user
        values = {
            **typed,
            "lang": request.lang.code,
            "partner_id": False if user._is_public() else user.partner_id.id,
        }
        event_sudo = event.sudo()  # a visitor joins by the door alone
        slot = _one(request.env["event.slot"].sudo(), typed["slot_id"])
        rate = _one(request.env["event.event.ticket"].sudo(), typed["ticket_id"])
        waiting_sudo = request.env["tibillet.waiting"].sudo()
        try:
            waiting_sudo, twice = waiting_sudo._join(event_sudo, values, slot, rate)
        except SeatsError as refusal:
            return self._waiting_form(event, typed, str(refusal), free=refusal.code == "free")
        if twice:
            # Who types somebody else's address learns nothing more: the link goes by mail.
            return self._said(
                event,
                request.env._("This address is on the list already, once."),
                request.env._("We have sent the link to its place in line there again."),
            )
        return request.redirect(waiting_sudo._get_path())

    def _waiting_form(self, event, typed, said=None, free=False):
        slots, rates = event._tibillet_waiting_choices()
        user = request.env.user
        if not user._is_public():
            typed = {
                **typed,
                "name": typed["name"] or user.name,
                "email": typed["email"] or user.email,
                "phone": typed["phone"] or user.phone,
            }
        return request.render(
            "tibillet_event.waiting_join_page",
            {
                "event": event,
                "slots": slots,
                "rates": rates,
                "typed": typed,
                "said": said,
                "free": free,
                "open": event._tibillet_may_wait(),
                "main_object": event,
            },
        )

    def _said(self, event, title, said, again=False):
        return request.render(
            "tibillet_event.waiting_said_page",
            {"event": event, "title": title, "said": said, "again": again, "main_object": event},
        )

    # -- one's own place -------------------------------------------------------------------------

    def _waiting_sudo(self, waiting_id, signature):
        # Whoever has the signed address may see, take and leave this place in line.
        waiting_sudo = request.env["tibillet.waiting"].sudo().browse(waiting_id).exists()
        if not waiting_sudo or not consteq(waiting_sudo._signature(), signature):
            raise request.not_found()
        return waiting_sudo

    @route(PAGE, type="http", auth="public", website=True, sitemap=False)
    def waiting_page(self, waiting_id, signature, **post):
        """Where one stands, or what is offered."""
        waiting_sudo = self._waiting_sudo(waiting_id, signature)
        return self._waiting_page(waiting_sudo)

    def _waiting_page(self, waiting_sudo, **values):
        hold_sudo = waiting_sudo._get_hold()
        state = waiting_sudo.state
        if state == "offered" and not hold_sudo:
            state = "expired"  # the clock has not swept it yet
        return request.render(
            "tibillet_event.waiting_page",
            {
                "waiting": waiting_sudo,
                "event": waiting_sudo.event_id,
                "state": state,
                "seconds": _seconds(hold_sudo),
                "rate": hold_sudo.ticket_id,
                "basket": self._basket_sudo(waiting_sudo),
                "main_object": waiting_sudo.event_id,
                **values,
            },
        )

    @route(
        f"{PAGE}/leave", type="http", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def waiting_leave(self, waiting_id, signature, **post):
        """Off the list; what was offered goes to the next."""
        waiting_sudo = self._waiting_sudo(waiting_id, signature)
        waiting_sudo._leave()
        return request.redirect(waiting_sudo._get_path())

    @route(
        f"{PAGE}/take", type="http", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def waiting_take(self, waiting_id, signature, amount="", **post):
        """The held seats become this visitor's; taken before, it is the same basket again."""
        waiting_sudo = self._waiting_sudo(waiting_id, signature)
        hold_sudo = waiting_sudo._get_hold()
        if not hold_sudo:
            return self._taken_before(waiting_sudo) or self._waiting_page(waiting_sudo)
        form = {}
        if hold_sudo.ticket_id.tibillet_free_price:
            _price, said = hold_sudo.ticket_id._tibillet_read_price(amount)
            if said:
                return self._waiting_page(waiting_sudo, said=said, amount=amount)
            form[f"{AMOUNT}{hold_sudo.ticket_id.id}"] = amount
        event = request.env["event.event"].browse(hold_sudo.event_id.id)
        remembered = dict(request.session.get(SESSION) or {})
        remembered[str(event.id)] = hold_sudo.key
        request.session[SESSION] = remembered
        return self._names_page(waiting_sudo, hold_sudo, event, form)

    def _names_page(self, waiting_sudo, hold_sudo, event, form):
        """The event's own form of attendees, as a page, with the countdown of the offer."""
        request.update_context(
            tibillet_hold_ids=hold_sudo.ids, tibillet_hold_seconds=_seconds(hold_sudo)
        )
        event = event.with_env(request.env)
        form[f"{QUANTITY}{hold_sudo.ticket_id.id or 0}"] = str(hold_sudo.remaining)
        if hold_sudo.slot_id:
            form["event_slot_id"] = str(hold_sudo.slot_id.id)
        return request.render(
            "tibillet_event.waiting_names_page",
            {
                "event": event,
                "waiting": waiting_sudo,
                "tickets": self._process_tickets_form(event, form),
                "event_slot_id": hold_sudo.slot_id.id,
                "availability_check": True,
                "limit_check": True,
                "default_first_attendee": {
                    "name": waiting_sudo.name,
                    "email": waiting_sudo.email,
                    "phone": waiting_sudo.phone,
                },
                "main_object": event,
            },
        )

    def _taken_before(self, waiting_sudo):
        """Back to the basket in which the seats are, in this browser or another; None without."""
        open_sudo = self._basket_sudo(waiting_sudo)
        if not open_sudo:
            return None
        if not request.env.user._is_public() and request.cart != open_sudo:
            mine = open_sudo.partner_id.commercial_partner_id
            if mine not in (
                request.env.user.partner_id.commercial_partner_id,
                request.website.user_id.partner_id,
            ):
                return None  # somebody else's basket is not rewritten to this account
        request.session["sale_order_id"] = open_sudo.id
        return request.redirect("/shop/cart")

    def _basket_sudo(self, waiting_sudo):
        """The open basket in which the seats of an offer are."""
        orders_sudo = waiting_sudo._get_registrations().sale_order_id
        return orders_sudo.filtered(
            lambda order: order.state == "draft" and order.website_id == request.website
        )[:1]

    # -- the visitor's holds -----------------------------------------------------------------------

    def _hold(self, event, wanted):
        """An offer stands until its end: chosen again on the event's page it is found again, and
        other seats are held beside it, not instead."""
        key = (request.session.get(SESSION) or {}).get(str(event.id)) or ""
        if key.startswith("waiting/"):
            held = self._held(event, wanted)
            if held:
                request.update_context(
                    tibillet_hold_seconds=min(_seconds(hold) for hold in held.values())
                )
                return None
            self._forget(event)
        return super()._hold(event, wanted)


def _seconds(hold_sudo):
    """Seconds until a hold ends."""
    if not hold_sudo:
        return 0
    now = hold_sudo.env["tibillet.seats"]._now()
    return max(0, int((hold_sudo.hold_until - now).total_seconds()))


def _one(model_sudo, text):
    """The record of a number that somebody sent, or nothing."""
    bare = (text or "").strip()
    return model_sudo.browse(int(bare)).exists() if bare.isdecimal() and len(bare) < 10 else None
