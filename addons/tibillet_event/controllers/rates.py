from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.http import request, route

from odoo.addons.website_event_sale.controllers.main import WebsiteEventSaleController

from .rates_form import CODE, RatesForm

SAID = "tibillet_rates_said"


class RatesController(WebsiteEventSaleController):
    """The rates of an event on its page: what is asked, what is refused and why."""

    # -- the form of rates -----------------------------------------------------------------------

    @route()
    def registration_new(self, event, **post):
        """A form that cannot be is answered by sentences, beside what was typed."""
        sentences = RatesForm(event, post).sentences_on_rates()
        if sentences:
            return request.env["ir.ui.view"]._render_template(
                "tibillet_event.rates_refused", {"sentences": sentences, "event": event}
            )
        return super().registration_new(event, **post)

    def _process_tickets_form(self, event, form_details):
        """Hand the chosen price on to the form of attendees."""
        form = RatesForm(event, form_details)
        items = super()._process_tickets_form(event, form.clean())
        for item in items:
            item["tibillet_code"] = str(form_details.get(CODE) or "").strip()
            amount = form.amounts().get(item["id"])
            if amount is not None:
                item["tibillet_amount"] = amount
                item["price"] = float(amount)
        return items

    # -- the form of attendees -------------------------------------------------------------------

    @route(
        ['/event/<model("event.event"):event>/registration/check'],
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def registration_check(self, event, **post):
        """What would be refused of the form of attendees, before it is sent.

        :return: list of sentences, empty when nothing is wrong
        """
        return RatesForm(event, post).sentences_on_attendees()

    @route()
    def registration_confirm(self, event, **post):
        """The same checks again, and nothing is half done: refused as a whole or taken."""
        sentences = RatesForm(event, post).sentences_on_attendees(touch=True)
        if not sentences:
            try:
                with request.env.cr.savepoint():
                    return super().registration_confirm(event, **post)
            except ValidationError as error:
                sentences = str(error).splitlines()
        request.session[SAID] = sentences
        return request.redirect(
            f"/event/{event.id}/register?registration_error_code=tibillet_rates"
        )

    def _prepare_event_register_values(self, event, **post):
        values = super()._prepare_event_register_values(event, **post)
        values["tibillet_said"] = request.session.pop(SAID, [])
        return values

    def _process_attendees_form(self, event, form_details):
        """Each attendee with the options that were ticked for them; the order's with the first."""
        registrations = super()._process_attendees_form(event, form_details)
        form = RatesForm(event, form_details)
        chosen = form.options()
        if chosen:
            for position, (index, _rate) in enumerate(form.indexes()):
                ids = [*chosen.get(index, []), *(chosen.get("0", []) if position == 0 else [])]
                if ids and position < len(registrations):
                    registrations[position]["tibillet_option_ids"] = [Command.set(ids)]
        return form.one_name_is_enough(registrations)

    def _create_attendees_from_registration_post(self, event, registration_data):
        """Places at a chosen price go through the basket, even where the rate's minimum is 0."""
        form = RatesForm(event, request.params)
        amounts = form.amounts()
        chosen = [one for one in registration_data if amounts.get(one.get("event_ticket_id"))]
        if form.has_paid_options() and not request.cart:
            request.website._create_cart()  # a free place with a meal is an order
        if chosen:
            self._at_a_chosen_price(chosen, amounts)
            # Odoo's step between would add the same places again, at the rate's own price.
            attendees = super(
                WebsiteEventSaleController, self
            )._create_attendees_from_registration_post(event, chosen)
            others = [one for one in registration_data if one not in chosen]
            if others:
                attendees += super()._create_attendees_from_registration_post(event, others)
        else:
            attendees = super()._create_attendees_from_registration_post(event, registration_data)
        self._add_options(attendees)
        if request.cart and form.post.get(CODE):
            order_sudo = request.cart
            if said := order_sudo._tibillet_add_code(form.post[CODE]):
                order_sudo._tibillet_tell([said])
        return attendees

    def _add_options(self, attendees_sudo):
        """A line for each option, beside the line of the places that chose it."""
        for line_sudo, places_sudo in attendees_sudo.grouped("sale_order_line_id").items():
            if not line_sudo:
                continue
            for option_sudo in places_sudo.tibillet_option_ids:
                many = sum(option_sudo in place.tibillet_option_ids for place in places_sudo)
                line_sudo.order_id._cart_add(
                    product_id=option_sudo.product_id.id,
                    quantity=many,
                    linked_line_id=line_sudo.id,
                    tibillet_option_id=option_sudo.id,
                )

    def _at_a_chosen_price(self, chosen, amounts):
        """A basket line per rate, slot and price, and the places of its attendees."""
        order_sudo = request.cart or request.website._create_cart()
        for (slot_id, rate_id), places in _by_rate(chosen).items():
            rate_sudo = request.env["event.event.ticket"].sudo().browse(rate_id)
            added = order_sudo._cart_add(
                product_id=rate_sudo.product_id.id,
                quantity=len(places),
                event_ticket_id=rate_id,
                event_slot_id=slot_id,
                tibillet_amount=amounts[rate_id],
            )
            for place in places:
                place["sale_order_id"] = order_sudo.id
                place["sale_order_line_id"] = added["line_id"]


def _by_rate(places):
    """Places of one rate and slot together, in the order in which they came."""
    grouped = {}
    for place in places:
        key = (place.get("event_slot_id", False), place["event_ticket_id"])
        grouped.setdefault(key, []).append(place)
    return grouped
