from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import SeatsError


class TibilletDayRight(models.Model):
    """What everybody who helps that day may take: a meal, two drinks, entry, a T-shirt.

    Equal for all whatever their hours, not transferable, over when the day ends; a number of
    goods, never money, never an asset (practice-france 12: whatever is given by the hour is wages).
    """

    _name = "tibillet.day.right"
    _description = "Day right"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    event_id = fields.Many2one(
        "event.event", ondelete="cascade", check_company=True, help="Empty: at any event."
    )
    festival_id = fields.Many2one("tibillet.festival", ondelete="cascade", check_company=True)
    kind = fields.Selection(
        [("goods", "Goods at the till"), ("entry", "Entry")], required=True, default="goods"
    )
    per_day = fields.Integer(string="How many a day", required=True, default=1)
    end_hour = fields.Float(
        string="The day ends at", default=6, help="Until then the evening before counts."
    )
    product_ids = fields.Many2many("product.product", string="Articles")
    category_ids = fields.Many2many("product.category", string="Categories of articles")
    for_volunteers = fields.Boolean(
        default=True, help="All volunteers who are present that day; else given by hand alone."
    )

    _bounds = models.Constraint(
        "CHECK (per_day BETWEEN 1 AND 50 AND end_hour >= 0 AND end_hour < 12)",
        "A right is taken 1 to 50 times a day, and the day ends between 0:00 and noon.",
    )
    _one_occasion = models.Constraint(
        "CHECK (num_nonnulls(event_id, festival_id) < 2)",
        "A right is for one event or for one festival, or for any.",
    )

    # -- who and when -----------------------------------------------------------------------------

    @api.model
    def _holder(self, holder):
        """(person, card) whose rights are asked; an anonymous card stands for itself.

        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        if holder._name == "tibillet.card":
            card_sudo = holder.sudo()  # its state and its person
            card_sudo._check_found()
            if card_sudo.partner_id:
                return card_sudo.partner_id, card_sudo.browse()
            return card_sudo.partner_id, card_sudo
        return holder.sudo(), self.env["tibillet.card"].sudo()

    def _day(self, at):
        """The day a moment belongs to, by the clock of the place and the hour it ends at."""
        self.ensure_one()
        place_sudo = self.env["tibillet.place"].sudo()._of_company(self.company_id)
        local = pytz.utc.localize(at).astimezone(pytz.timezone(place_sudo.tz or "Europe/Paris"))
        late = local.hour + local.minute / 60 < self.end_hour
        return local.date() - timedelta(days=1 if late else 0)

    def _entitled(self, person, card, at):
        """Those of these rights that this holder has that day, whatever the hours."""
        rows_sudo = self.env["tibillet.shift.volunteer"].sudo()  # presence, yes or no
        if person:
            rows_sudo = rows_sudo.search(
                [
                    ("partner_id", "=", person.id),
                    ("state", "=", "present"),
                    ("presence_begin", "<=", at),
                    ("presence_begin", ">", at - timedelta(days=2)),
                ]
            )
        holder = [("partner_id", "=", person.id)] if person else [("card_id", "=", card.id)]
        grants_sudo = self.env["tibillet.day.right.grant"].sudo()  # given by hand
        grants_sudo = grants_sudo.search([*holder, ("day", ">", at.date() - timedelta(days=3))])
        found = self.browse()
        for right in self:
            day = right._day(at)
            here = rows_sudo.filtered(
                lambda row, right=right, day=day: (
                    row.company_id == right.company_id
                    and right._day(row.presence_begin) == day
                    and right._fits(row.shift_id)
                )
            )
            given = grants_sudo.filtered(
                lambda one, right=right, day=day: one.day == day and right in one.right_ids.sudo()
            )
            if (right.for_volunteers and here) or given:
                found |= right
        return found

    def _fits(self, shift):
        festival = shift.festival_id or shift.event_id.tibillet_festival_id
        if self.event_id:
            return shift.event_id == self.event_id or (
                shift.festival_id and shift.festival_id == self.event_id.tibillet_festival_id
            )
        return not self.festival_id or self.festival_id == festival

    # -- the seams --------------------------------------------------------------------------------

    @api.model
    def _of(self, holder, company, at=None):
        """[(right, how many are left)] of a holder, for the till's band; ``sudo`` records.

        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        at = at or fields.Datetime.now()
        person, card = self._holder(holder)
        rights_sudo = self.sudo().search([("company_id", "=", company.id)])  # a till reads no kinds
        return [
            (right, right.per_day - len(right._numbers(person, card, right._day(at))))
            for right in rights_sudo._entitled(person, card, at)
        ]

    def _numbers(self, person, card, day):
        uses_sudo = self.env["tibillet.day.right.use"].sudo()  # how many were taken
        uses_sudo = uses_sudo.search(
            [
                ("right_id", "=", self.id),
                ("day", "=", day),
                ("partner_id", "=", person.id),
                ("card_id", "=", card.id),
                ("undone", "=", False),
                ("number", "!=", False),
            ]
        )
        return set(uses_sudo.mapped("number"))

    def _allows(self, product):
        """Whether this article may be taken under the right."""
        if product in self.product_ids:
            return True
        families = set(self.category_ids.ids)
        path = {int(one) for one in (product.categ_id.parent_path or "").split("/") if one}
        return bool(families & path)

    def _take(self, holder, key, product=None, at=None, late=False):
        """Take one. The same key again is the same one.

        :param key: of the act, made by the till or the gate
        :param at: when it was, if offline
        :param late: it was handed out without network already: recorded whatever is left, told
        :returns: the use, in sudo
        :raises SeatsError: ``no_right``, ``used_up``, ``not_for_this``
        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        self.ensure_one()
        right_sudo = self.sudo()  # by this door alone
        uses_sudo = self.env["tibillet.day.right.use"].sudo()  # by this door alone
        if known_sudo := uses_sudo.search([("key", "=", key)], limit=1):
            return known_sudo
        at = at or fields.Datetime.now()
        person, card = self._holder(holder)
        wrong = None
        if product and not right_sudo._allows(product.sudo()):
            wrong = (
                "not_for_this",
                self.env._(
                    "%(right)s is not for: %(product)s.",
                    right=right_sudo.name,
                    product=product.display_name,
                ),
            )
        elif right_sudo not in right_sudo._entitled(person, card, at):
            wrong = ("no_right", self.env._("%s: not today, or the day is over.", right_sudo.name))
        numbers = [] if wrong else range(1, right_sudo.per_day + 1)
        day = right_sudo._day(at)
        for number in numbers:
            if use := right_sudo._write_use(person, card, day, number, key, product, at):
                return use
        wrong = wrong or ("used_up", self.env._("%s: all taken today.", right_sudo.name))
        if not late:
            raise SeatsError(*wrong)
        return right_sudo._write_use(person, card, day, None, key, product, at, wrong[1])

    def _write_use(self, person, card, day, number, key, product, at, late=None):
        """One row, unless somebody has that number; the unique index decides."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO tibillet_day_right_use
                       (right_id, company_id, partner_id, card_id, day, number, key, product_id,
                        at, late, undone, create_uid, create_date)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, false, %s, tibillet_now())
                ON CONFLICT DO NOTHING RETURNING id
                """,
                self.id,
                self.company_id.id,
                person.id or None,
                card.id or None,
                day,
                number,
                key,
                product.id if product else None,
                at,
                late,
                self.env.uid,
            )
        )
        uses_sudo = self.env["tibillet.day.right.use"].sudo()  # just written
        uses_sudo.invalidate_model()
        return uses_sudo.browse(rows[0][0]) if rows else uses_sudo

    @api.model
    def _tibillet_day_right_entry(self, holder, event, at=None):
        """The right by which this holder enters the event that day; empty without.

        :raises LedgerError: ``card_lost``, ``card_blocked``
        """
        at = at or fields.Datetime.now()
        person, card = self._holder(holder)
        rights_sudo = self.sudo()  # the gate asks yes or no
        rights_sudo = rights_sudo.search(
            [("company_id", "=", event.company_id.id), ("kind", "=", "entry")]
        ).filtered(
            lambda right: (
                right.event_id in (event, right.event_id.browse())
                and right.festival_id in (event.tibillet_festival_id, right.festival_id.browse())
            )
        )
        return rights_sudo._entitled(person, card, at)[:1]
