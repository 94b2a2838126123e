from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, format_datetime

from .amounts import MOST, is_allowed, least_of, read_amount

#: A place in a basket keeps its rate that long after the rate has ended.
BASKET_GRACE = timedelta(minutes=15)


class EventEventTicket(models.Model):
    """A rate: who may buy it, when, for how much, and the sentence for who may not."""

    _inherit = "event.event.ticket"

    active = fields.Boolean(default=True)

    @api.constrains("tibillet_min_per_order", "limit_max_per_order", "event_id")
    def _check_tibillet_group(self):
        for rate in self:
            most = rate.limit_max_per_order or rate.event_id.EVENT_MAX_TICKETS
            if rate.tibillet_min_per_order > most:
                raise ValidationError(
                    self.env._(
                        "“%(rate)s”: a group from %(least)s places never fits an order of at "
                        "most %(most)s.",
                        rate=rate.name,
                        least=rate.tibillet_min_per_order,
                        most=most,
                    )
                )

    # -- kept while somebody holds it ------------------------------------------------------------

    def _tibillet_in_use(self):
        """Rates that somebody holds a place of, or has in a basket or on an order."""
        if not self.ids:
            return self
        seated = self.env["event.registration"].sudo().with_context(active_test=False)
        lines_sudo = self.env["sale.order.line"].sudo()  # whoever sells, the rate is in use
        mine = [("event_ticket_id", "in", self.ids)]
        ids = {
            rate.id
            for model in (seated, lines_sudo)
            for (rate,) in model._read_group(mine, ["event_ticket_id"])
        }
        return self.browse(ids)

    def unlink(self):
        """A rate in use is archived, so that places and baskets keep their name and price."""
        used = self._tibillet_in_use()
        if used:
            used.active = False
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "message": self.env._(
                        "Archived, not deleted, for places or baskets hold it: %s. It is no "
                        "longer sold.",
                        ", ".join(used.mapped("name")),
                    ),
                },
            )
        return super(EventEventTicket, self - used).unlink()

    # -- who and when ----------------------------------------------------------------------------

    def _tibillet_opened_to(self, partner):
        """Whether this person holds one of the rights that the rate asks.

        :param partner: one ``res.partner``, or none for who is not known
        """
        self.ensure_one()
        codes = self._tibillet_right_codes()
        if not codes:
            return True
        partner_sudo = partner.sudo()  # a visitor is told the answer, never why
        company = self.event_id.company_id or self.env.company
        return bool(partner_sudo) and bool(codes & partner_sudo._tibillet_rights(company))

    def _tibillet_for_whom(self):
        """Who the rate is for, in the public's words."""
        self.ensure_one()
        return self.tibillet_rights_text or ", ".join(sorted(self._tibillet_right_codes()))

    def _tibillet_when(self, moment):
        self.ensure_one()
        zone = self.event_id.date_tz or "UTC"
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    def _tibillet_price_text(self):
        """The price as it is said: “12.00 €”, “free price, from 5.00 €”, “free”."""
        self.ensure_one()
        currency = self.event_id.company_id.currency_id or self.env.company.currency_id
        if self.tibillet_free_price and self.price:
            return self.env._(
                "free price, from %s",
                format_amount(self.env, float(least_of(self.price)), currency),
            )
        if self.tibillet_free_price:
            return self.env._("free price")
        if not self.price:
            return self.env._("free")
        return format_amount(self.env, self.price_reduce_taxinc, currency)

    def _tibillet_notes(self):
        """What is to be known of the rate before it is chosen."""
        self.ensure_one()
        notes = []
        if self.tibillet_min_per_order > 1:
            notes.append(self.env._("For groups, from %s places on.", self.tibillet_min_per_order))
        if self.tibillet_limit_per_person:
            notes.append(self.env._("At most %s per person.", self.tibillet_limit_per_person))
        return notes

    def _tibillet_follower(self):
        """The rate of the same event that opens when this one ends, if there is one."""
        self.ensure_one()
        if not self.end_sale_datetime:
            return self.browse()
        return self.event_id.event_ticket_ids.filtered(
            lambda rate: (
                rate != self
                and not rate.tibillet_invitation
                and rate.start_sale_datetime
                and rate.start_sale_datetime >= self.end_sale_datetime
            )
        ).sorted("start_sale_datetime")[:1]

    def _tibillet_closed(self, partner, in_basket=False):
        """Why this person cannot buy the rate now, in a sentence; empty when nothing stops it.

        Seats are not asked here: their own door answers for them.

        :param in_basket: the place stands in a basket already, so an end just past is forgiven
        """
        self.ensure_one()
        if not self.active:
            return self.env._("“%s” is no longer sold.", self.name)
        if self.tibillet_invitation:
            return self.env._("“%s” is by invitation.", self.name)
        if not self.is_launched:
            return self.env._(
                "“%(rate)s” is sold from %(when)s on.",
                rate=self.name,
                when=self._tibillet_when(self.start_sale_datetime),
            )
        grace = BASKET_GRACE if in_basket else timedelta()
        if self.end_sale_datetime and self.end_sale_datetime + grace < fields.Datetime.now():
            return self._tibillet_ended()
        if not self._tibillet_opened_to(partner):
            return self.env._(
                "“%(rate)s” is for %(whom)s: sign in with the account that has it.",
                rate=self.name,
                whom=self._tibillet_for_whom(),
            )
        return ""

    def _tibillet_ended(self):
        follower = self._tibillet_follower()
        ended = self.env._(
            "“%(rate)s” ended on %(when)s.",
            rate=self.name,
            when=self._tibillet_when(self.end_sale_datetime),
        )
        if not follower:
            return ended
        return self.env._(
            "%(ended)s Now “%(next)s” is sold: %(price)s.",
            ended=ended,
            next=follower.name,
            price=follower._tibillet_price_text(),
        )

    # -- how many, and for how much --------------------------------------------------------------

    def _tibillet_wrong_quantity(self, quantity):
        """Why an order cannot hold that many places of this rate, or an empty text."""
        self.ensure_one()
        most = self.limit_max_per_order or self.event_id.EVENT_MAX_TICKETS
        if quantity > most:
            return self.env._(
                "“%(rate)s”: at most %(most)s places in one order.", rate=self.name, most=most
            )
        if 0 < quantity < self.tibillet_min_per_order:
            return self.env._(
                "“%(rate)s” is for groups: from %(least)s places on.",
                rate=self.name,
                least=self.tibillet_min_per_order,
            )
        return ""

    def _tibillet_read_price(self, text):
        """What a buyer typed as the price: the amount, or why it is none.

        :return: (amount as ``Decimal`` or None, sentence)
        """
        self.ensure_one()
        if not str(text or "").strip():
            return None, self.env._("“%s”: write the price that you choose.", self.name)
        amount = read_amount(text)
        if amount is None:
            return None, self.env._(
                "“%(rate)s”: “%(text)s” is not an amount. Write for instance 12.50.",
                rate=self.name,
                text=str(text)[:20],
            )
        sentence = self._tibillet_wrong_amount(amount)
        return (None, sentence) if sentence else (amount, "")

    def _tibillet_wrong_amount(self, amount):
        """Why the amount cannot be paid for this rate, or an empty text."""
        self.ensure_one()
        if is_allowed(amount, self.price):
            return ""
        currency = self.event_id.company_id.currency_id or self.env.company.currency_id
        if amount > MOST:
            return self.env._(
                "“%(rate)s”: at most %(most)s.",
                rate=self.name,
                most=format_amount(self.env, float(MOST), currency),
            )
        if self.price:
            return self.env._(
                "“%(rate)s”: at least %(least)s.",
                rate=self.name,
                least=format_amount(self.env, float(least_of(self.price)), currency),
            )
        return self.env._("“%(rate)s”: nothing, or at least 0.50.", rate=self.name)
