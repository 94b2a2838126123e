import datetime
import re

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_MAX_CHARS = 48


class TibilletPlace(models.Model):
    """A company as the public and other places know it.

    The number is the place's identity within the node: tickets and keys carry it, so it is
    given once and never used again.
    """

    _name = "tibillet.place"
    _description = "Place"
    _inherit = ["mail.thread"]
    _order = "number"

    number = fields.Integer(
        required=True,
        readonly=True,
        copy=False,
        help="The place's identity on this server. Tickets carry it: it never changes.",
    )
    name = fields.Char(
        required=True, tracking=True, help="The name people know, on tickets and in the agenda."
    )
    slug = fields.Char(
        required=True,
        copy=False,
        tracking=True,
        help="Short name in the place's public addresses, such as /tibillet/pay/<short name>. "
        "Addresses already printed stop working when it changes.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, copy=False, ondelete="cascade"
    )
    website_id = fields.Many2one(
        "website",
        ondelete="set null",
        domain="[('company_id', '=', company_id)]",
        help="Left empty, the company's first website is taken.",
    )
    url = fields.Char(string="Address", compute="_compute_url")
    business_day_hour = fields.Float(
        string="The day starts at",
        default=4.0,
        required=True,
        tracking=True,
        help="What is sold before this hour belongs to the evening before.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        tracking=True,
        default=lambda self: self._default_tz(self.env.company),
    )
    key_ids = fields.One2many(
        "tibillet.key",
        "place_id",
        string="Keys",
        groups="tibillet_wallet.tibillet_wallet_group_manager",
    )

    _number_uniq = models.Constraint("UNIQUE(number)", "Two places cannot have the same number.")
    _slug_uniq = models.Constraint("UNIQUE(slug)", "Another place already uses this short name.")
    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company is one place.")
    _business_day_hour_check = models.Constraint(
        "CHECK(business_day_hour >= 0 AND business_day_hour < 24)",
        "The day starts between 00:00 and 23:59.",
    )

    @api.model
    def _default_tz(self, company):
        """Time zone of the company's partner, else of its country, else of the user."""
        if company.partner_id.tz:
            return company.partner_id.tz
        zones = pytz.country_timezones.get(company.country_id.code or "", [])
        return zones[0] if zones else (self.env.user.tz or "Europe/Paris")

    @api.depends("website_id.domain", "company_id")
    def _compute_url(self):
        websites = self._websites()
        for place in self:
            website = websites.get(place.id)
            # Without a website the server answers for the place at its own address.
            base_url = (website or self.env["ir.http"]).get_base_url()
            place.url = base_url.rstrip("/")

    def _websites(self):
        """The website of each place that has one, chosen or first of its company, by place id."""
        chosen = {place.id: place.website_id for place in self if place.website_id}
        others = self.filtered(lambda place: place.id not in chosen)
        # sudo: which website is a company's own is public, and core guards the model.
        website_sudo = self.env["website"].sudo()
        first = {}
        for website in website_sudo.search([("company_id", "in", others.company_id.ids)]):
            first.setdefault(website.company_id, website)
        return chosen | {
            place.id: first[place.company_id] for place in others if place.company_id in first
        }

    @api.constrains("slug")
    def _check_slug(self):
        for place in self:
            if len(place.slug) > SLUG_MAX_CHARS or not SLUG.fullmatch(place.slug):
                raise ValidationError(
                    self.env._(
                        "“%(slug)s” cannot be a short name: use up to %(max)s small letters "
                        "without accent, digits and single hyphens.",
                        slug=place.slug,
                        max=SLUG_MAX_CHARS,
                    )
                )

    @api.constrains("website_id")
    def _check_website_id(self):
        for place in self:
            if place.website_id and place.website_id.company_id != place.company_id:
                raise ValidationError(
                    self.env._(
                        "The website “%(website)s” belongs to another company.",
                        website=place.website_id.name,
                    )
                )

    # -- business ------------------------------------------------------------------------

    @api.model
    def _of_company(self, company):
        """The place of ``company`` (sudo: its rights are those of the caller's own checks)."""
        place_sudo = self.sudo().search([("company_id", "=", company.id)])
        return place_sudo or self._create_for(company)

    @api.model
    def _create_for(self, companies):
        """One place for each company that has none; keys too when they can be protected.

        :return: the new places, in sudo: a company is created by people who may not write here
        """
        places_sudo = self.sudo()
        known_sudo = places_sudo.search([("company_id", "in", companies.ids)]).company_id
        taken = set(places_sudo.search([]).mapped("slug"))
        values = []
        for company_sudo in companies.sudo() - known_sudo:
            slug = self._free_slug(company_sudo.name, taken)
            taken.add(slug)
            values.append(
                {
                    "company_id": company_sudo.id,
                    "name": company_sudo.name,
                    "slug": slug,
                    "tz": self._default_tz(company_sudo),
                }
            )
        places_sudo = places_sudo.create(values)
        self.env["tibillet.key"]._ensure(places_sudo)
        return places_sudo

    @api.model
    def _free_slug(self, name, taken):
        slugify = self.env["ir.http"]._slugify
        base = re.sub(r"[^a-z0-9]+", "-", slugify(name or "")).strip("-")
        base = base[: SLUG_MAX_CHARS - 5].strip("-") or "place"
        slug, suffix = base, 2
        while slug in taken:
            slug, suffix = f"{base}-{suffix}", suffix + 1
        return slug

    @api.model_create_multi
    def create(self, vals_list):
        sequence_sudo = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["number"] = int(sequence_sudo.next_by_code("tibillet.place"))
        return super().create(vals_list)

    def write(self, vals):
        if {"number", "company_id"} & set(vals):
            raise ValidationError(self.env._("A place keeps its number and its company for ever."))
        return super().write(vals)

    def _day_start(self, day):
        """The instant, as naive UTC, at which the business day ``day`` (a date) starts here."""
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        minutes = round(self.business_day_hour * 60)
        wall = datetime.datetime.combine(day, datetime.time(minutes // 60 % 24, minutes % 60))
        try:
            start = zone.localize(wall, is_dst=None)
        except pytz.AmbiguousTimeError:
            # The clock shows this hour twice: the first time counts, or a day would begin twice.
            start = zone.localize(wall, is_dst=True)
        except pytz.NonExistentTimeError:
            start = zone.localize(wall, is_dst=False)
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _business_day(self, at=None):
        """The business day (a date) to which the instant ``at`` belongs at this place.

        :param at: naive datetime in UTC, or an aware one; now by default
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        if at.tzinfo:
            at = at.astimezone(pytz.utc).replace(tzinfo=None)
        day = pytz.utc.localize(at).astimezone(pytz.timezone(self.tz)).date()
        return day if at >= self._day_start(day) else day - datetime.timedelta(days=1)

    def _business_day_bounds(self, day):
        """Start (included) and end (excluded) of a business day, as naive UTC datetimes."""
        return self._day_start(day), self._day_start(day + datetime.timedelta(days=1))

    def _signing_keys(self):
        """The key that signs now for each ``(place id, purpose)``, in sudo.

        The newest whose time has come: so a successor takes over by itself. When that one is
        revoked nothing signs, and above all not the one before it, until a new key is made.
        """
        # sudo: which key signs is decided here, whoever's act needs a signature.
        keys_sudo = self.env["tibillet.key"].sudo()
        found = keys_sudo.search(
            [
                ("place_id", "in", self.ids),
                ("signs_from", "<=", fields.Datetime.now()),
            ],
            order="signs_from, id",
        )
        newest = {(key.place_id.id, key.purpose): key for key in found}
        return {index: key for index, key in newest.items() if not key.revoked_at}

    def action_create_keys(self):
        """Make the keys that are missing."""
        self.env["tibillet.key"]._check_manager(self)
        self.env["tibillet.key"]._ensure(self, strict=True)
        return True
