"""What a visitor sent about the rates of an event, read without trust."""

from odoo.http import request
from odoo.tools import lazy

from .names_form import NamesForm

QUANTITY = "nb_register-"
AMOUNT = "tibillet_amount_"
CODE = "tibillet_code"
OPTION = "tibillet_option_"


def _number(text):
    """A whole number of up to six figures, or None."""
    bare = str(text).strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 6 else None


class RatesForm(NamesForm):
    """One posted form, of rates or of attendees; it reads and judges, and changes nothing."""

    def __init__(self, event, post):
        self.event, self.post = event, post
        self.env = request.env
        self.partner = (
            self.env["res.partner"] if self.env.user._is_public() else self.env.user.partner_id
        )
        # A visitor may not read who holds what; only sentences go out.
        self.event_sudo = event.sudo()
        self.rates_sudo = lazy(
            lambda: {rate.id: rate for rate in self._every_rate() if rate.event_id == event}
        )

    def _every_rate(self):
        rates = self.event_sudo.with_context(active_test=False).event_ticket_ids
        return rates.with_context(active_test=True)

    # -- reading ---------------------------------------------------------------------------------

    def quantities(self):
        """Rate id → what was typed as a number of places."""
        typed = {}
        for key, value in self.post.items():
            if key.startswith(QUANTITY):
                rate_id = _number(key.removeprefix(QUANTITY))
                typed[-1 if rate_id is None else rate_id] = value
        return typed

    def amounts(self):
        """Rate id → chosen price, for free prices whose amount can be."""
        found = {}
        for rate_id, rate in self.rates_sudo.items():
            if rate.tibillet_free_price and AMOUNT + str(rate_id) in self.post:
                amount, _sentence = rate._tibillet_read_price(self.post[AMOUNT + str(rate_id)])
                if amount is not None:
                    found[rate_id] = amount
        return found

    def clean(self):
        """The form with nothing in it that Odoo would stumble on."""
        quantities = {
            f"{QUANTITY}{rate_id}": str(_number(value))
            for rate_id, value in self.quantities().items()
            if rate_id >= 0 and _number(value)
        }
        others = {k: value for k, value in self.post.items() if not k.startswith(QUANTITY)}
        return {**others, **quantities}

    def places(self):
        """(rate id, e-mail) of each attendee of the form, in order; None for what is no rate."""
        places, emails, shared = {}, {}, ""
        for key, value in self.post.items():
            index, _dash, rest = key.partition("-")
            if rest == "event_ticket_id":
                places[index] = _number(value)
            elif rest.startswith("email-") and value:
                emails.setdefault(index, value)
                shared = value if index == "0" else shared
        return [(rate_id, emails.get(index, shared)) for index, rate_id in places.items()]

    def indexes(self):
        """(index, rate id) of each attendee, in order."""
        return [
            (key.partition("-")[0], _number(value))
            for key, value in self.post.items()
            if key.endswith("-event_ticket_id")
        ]

    def options(self):
        """Index of an attendee → ids of the options that were ticked; None for what is no number.

        Index 0 is the order.
        """
        chosen = {}
        for key, value in self.post.items():
            if key.startswith(OPTION) and value:
                index, _line, option_id = key.removeprefix(OPTION).partition("_")
                chosen.setdefault(index, []).append(_number(option_id))
        return chosen

    def has_paid_options(self):
        ids = {option_id for ids in self.options().values() for option_id in ids}
        return any(one.id in ids and one.price for one in self.event_sudo.tibillet_option_ids)

    # -- judging ---------------------------------------------------------------------------------

    def sentences_on_rates(self):
        """What is wrong with the numbers and prices that were typed."""
        sentences, asked = self._on_slots(), []
        for rate_id, typed in self.quantities().items():
            rate = self.rates_sudo.get(rate_id)
            name = rate.name if rate else self.event.name
            count = _number(typed)
            if count is None:
                sentences.append(
                    self.env._(
                        "“%(rate)s”: “%(text)s” is not a number of places.",
                        rate=name,
                        text=str(typed)[:20],
                    )
                )
            elif rate and count:
                sentences += self._on_rate(rate, count)
                asked += [(rate, "")] * min(count, self.event.EVENT_MAX_TICKETS)
            elif rate_id and not rate:
                sentences.append(self.env._("This rate is not sold for this event."))
        if not sentences and not any(_number(typed) for typed in self.quantities().values()):
            sentences.append(self.env._("Choose at least one place."))
        if not sentences:
            sentences += self.event_sudo._tibillet_over_limits(asked, self.partner)
        sentences += self._on_code({rate for rate, _email in asked})
        return list(dict.fromkeys(sentences))

    def _on_slots(self):
        """A slot of another event, none where one is needed, or what is no number."""
        typed = [value for key, value in self.post.items() if key.endswith("event_slot_id")]
        typed = [value for value in typed if str(value or "").strip() not in ("", "0", "False")]
        slots = self.event_sudo.event_slot_ids.ids
        if any(_number(value) not in slots for value in typed):
            return [self.env._("That slot is none of this event.")]
        if self.event_sudo.is_multi_slots and not typed:
            return [self.env._("Choose the slot.")]
        return []

    def _on_rate(self, rate, count):
        """Why that many places of a rate cannot be asked by this person."""
        found = [rate._tibillet_closed(self.partner), rate._tibillet_wrong_quantity(count)]
        if rate.tibillet_free_price:
            typed = self.post.get(f"{AMOUNT}{rate.id}", "")
            found.append(rate._tibillet_read_price(typed)[1])
        return [sentence for sentence in found if sentence]

    def _on_options(self):
        """Options that do not go with the rate of their attendee."""
        rates = {index: self.rates_sudo.get(rate_id) for index, rate_id in self.indexes()}
        for index, option_ids in self.options().items():
            mine = list(rates.values()) if index == "0" else [rates.get(index)]
            for option_id in option_ids:
                option_sudo = self.event_sudo.tibillet_option_ids.filtered(
                    lambda one, option_id=option_id: one.id == option_id
                )
                wanted = "order" if index == "0" else "place"
                fits = option_sudo and option_sudo.per == wanted
                if not fits or not any(rate and option_sudo._goes_with(rate) for rate in mine):
                    return [self.env._("This option is not offered with this rate.")]
        return []

    def _on_code(self, rates):
        """What can be said of a code before there is a basket."""
        text = str(self.post.get(CODE) or "").strip()
        if not text:
            return []
        answer = self.env["tibillet.rate.limit"]._hit_request("event-code", 30, 600)
        if not answer.allowed:
            return [self.env._("Too many codes were tried. Try again in a few minutes.")]
        company = self.event_sudo.company_id or self.env.company
        code_sudo = self.env["tibillet.code"].sudo()._named(text, company)
        if not code_sudo:
            return [self.env._("The code “%s” is not known here.", text[:30])]
        if wrong := code_sudo._wrong_time():
            return [wrong]
        known = code_sudo.ticket_ids or code_sudo.event_ids
        if known and not any(
            rate in code_sudo.ticket_ids or rate.event_id in code_sudo.event_ids for rate in rates
        ):
            return [code_sudo._wrong_basket([], 0)]
        if not code_sudo._has_room(self.env["sale.order"]):
            return [code_sudo._used_up()]
        return []

    def sentences_on_attendees(self, touch=False):
        """What is wrong with the form of attendees.

        :param touch: the places are about to be taken
        """
        places = self.places()
        if not places and self.event.event_ticket_ids:
            return [self.env._("Choose at least one place.")]
        if sentences := self._on_slots():
            return sentences
        known = set(self.rates_sudo)
        if any(rate_id not in known for rate_id, _email in places if rate_id != 0):
            return [self.env._("This rate is not sold for this event.")]
        sentences = []
        asked = [(self.rates_sudo[rate_id], email) for rate_id, email in places if rate_id]
        for rate in dict.fromkeys(rate for rate, _email in asked):
            sentences += self._on_rate(rate, sum(one == rate for one, _email in asked))
        sentences += self._on_options() + self._on_names()
        if not sentences:
            sentences += self.event_sudo._tibillet_over_limits(asked, self.partner, touch=touch)
        return list(dict.fromkeys(sentences))
