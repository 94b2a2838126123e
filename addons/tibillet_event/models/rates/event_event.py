from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class EventEvent(models.Model):
    """Rates of an event: how many places one person may hold of it."""

    _inherit = "event.event"

    tibillet_limit_per_person = fields.Integer(
        string="Places per person",
        help="Most places of one person over all rates, those already held included. 0: no limit.",
    )

    tibillet_option_ids = fields.One2many("tibillet.rate.option", "event_id", string="Options")
    tibillet_guest_list_ids = fields.One2many(
        "tibillet.guest.list", "event_id", string="Guest lists"
    )

    @api.constrains("tibillet_limit_per_person")
    def _check_tibillet_limit_per_person(self):
        for event in self:
            if event.tibillet_limit_per_person < 0:
                raise ValidationError(
                    self.env._("“%s”: a number of places is never below 0.", event.name)
                )

    def _tibillet_shown_rates(self):
        """Rates that the public sees on the event's page: not invitations, not what has ended
        without a word of what follows."""
        self.ensure_one()
        if not self.event_registrations_open:
            return self.env["event.event.ticket"]
        return self.event_ticket_ids.filtered(
            lambda rate: (
                not rate.tibillet_invitation and (not rate.is_expired or rate._tibillet_follower())
            )
        )

    def _tibillet_options(self, per, rates):
        """Options that are offered per place or per order with one of the rates."""
        self.ensure_one()
        return self.tibillet_option_ids.filtered(
            lambda one: one.per == per and any(rate and one._goes_with(rate) for rate in rates)
        )

    def _tibillet_has_limits(self):
        self.ensure_one()
        return bool(
            self.tibillet_limit_per_person
            or any(rate.tibillet_limit_per_person for rate in self.event_ticket_ids)
        )

    def _tibillet_held_by(self, partner, emails, order=None):
        """Places that a person holds: firm or in a basket, by partner or by address.

        :param partner: one ``res.partner`` or none
        :param emails: normalized addresses
        :param order: a ``sale.order`` that is left out
        :return: Counter of places per rate id
        """
        self.ensure_one()
        Registration = self.env["event.registration"]
        Registration.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event_ticket_id, count(*)
                  FROM event_registration
                 WHERE event_id = %s AND active AND state IN ('draft', 'open', 'done')
                   AND (partner_id = %s OR lower(trim(email)) = ANY(%s))
                   AND sale_order_id IS DISTINCT FROM %s
                   AND (state <> 'draft' OR tibillet_hold_until IS NULL
                        OR coalesce(tibillet_release_at, tibillet_hold_until) > tibillet_now())
              GROUP BY event_ticket_id
                """,
                self.id,
                partner.id or None,
                list(emails),
                order.id if order else 0,
            )
        )
        return Counter(dict(rows))

    def _tibillet_over_limits(self, asked, partner, order=None, touch=False):
        """Sentences for who would hold more than a person may: prior and requested together.

        :param asked: list of (rate, e-mail or empty), one per place
        :param partner: who buys, or none when unknown: then the first address is the buyer's
        :param order: basket whose own places are among the asked ones
        :param touch: the places are about to be taken: make a second basket wait its turn
        """
        self.ensure_one()
        if not asked or not self._tibillet_has_limits():
            return []
        asked = [(rate, (email or "").strip().lower()) for rate, email in asked]
        first = next((email for _rate, email in asked if email), "")
        buyer = {email for email in ((partner.email or "").strip().lower(), first) if email}
        if touch:
            everybody = {email for _rate, email in asked if email} | buyer
            self.env["tibillet.rate.person"]._touch(self, everybody)
        sentences = self._tibillet_over([rate for rate, _email in asked], partner, buyer, order)
        for email in {email for _rate, email in asked if email} - buyer:
            theirs = [rate for rate, written in asked if written == email]
            nobody = self.env["res.partner"]
            sentences += self._tibillet_over(theirs, nobody, {email}, order, named=email)
        return list(dict.fromkeys(sentences))

    def _tibillet_over(self, rates, partner, emails, order, named=""):
        """The limits of one person, of the event and of each rate."""
        held = self._tibillet_held_by(partner, emails, order)
        asked = Counter(rates)
        sentences = []
        bounds = [(self, sum(held.values()), len(rates))]
        bounds += [(rate, held[rate.id], count) for rate, count in asked.items() if rate]
        for what, prior, count in bounds:
            limit = what.tibillet_limit_per_person
            if limit and prior + count > limit:
                sentences.append(self._tibillet_over_sentence(what, limit, prior, count, named))
        return sentences

    def _tibillet_over_sentence(self, what, limit, prior, count, named):
        if named:
            return self.env._(
                "“%(what)s”: at most %(limit)s per person; with %(email)s it would be %(sum)s.",
                what=what.name,
                limit=limit,
                email=named,
                sum=prior + count,
            )
        if prior:
            return self.env._(
                "“%(what)s”: at most %(limit)s per person. You have %(prior)s already and ask "
                "for %(count)s.",
                what=what.name,
                limit=limit,
                prior=prior,
                count=count,
            )
        return self.env._(
            "“%(what)s”: at most %(limit)s per person; you ask for %(count)s.",
            what=what.name,
            limit=limit,
            count=count,
        )
