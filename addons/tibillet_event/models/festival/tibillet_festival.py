from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TibilletFestival(models.Model):
    """A festival in one form: its days, stages, line-up, rates and passes, its team, its budget.

    Each day is an ordinary event, with a door of its own; passes are rates of one more event.
    """

    _name = "tibillet.festival"
    _description = "Festival"
    _inherit = ["mail.thread", "website.published.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="First day", required=True, tracking=True)
    date_to = fields.Date(string="Last day", required=True, tracking=True)
    address_id = fields.Many2one(
        "res.partner",
        string="Site",
        compute="_compute_address_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
    )
    description = fields.Text(string="In a few words", help="Read on the festival's page.")

    hour_begin = fields.Float(string="Doors open", default=18)
    hour_end = fields.Float(string="Ends at", default=2, help="Earlier than the doors: next day.")
    seats_max = fields.Integer(string="Capacity of a day", help="0: no limit.")
    price = fields.Monetary(string="Price of a day", help="0: free.")
    pass_price = fields.Monetary(string="Price of the full pass", help="0: no full pass is made.")

    event_ids = fields.One2many("event.event", "tibillet_festival_id", string="Days and concerts")
    pass_event_id = fields.Many2one(
        "event.event",
        string="Passes are sold by",
        copy=False,
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    pass_ids = fields.One2many(related="pass_event_id.event_ticket_ids", readonly=False)
    stage_ids = fields.One2many(
        "event.track.location",
        "tibillet_festival_id",
        string="Stages",
        groups="event.group_event_user",
    )
    track_ids = fields.One2many(
        "event.track", "tibillet_festival_id", string="Line-up", groups="event.group_event_user"
    )
    member_ids = fields.One2many(
        "tibillet.festival.member",
        "festival_id",
        string="Team",
        groups="tibillet_event.tibillet_event_group_user",
    )
    budget_ids = fields.One2many(
        "tibillet.budget",
        "festival_id",
        string="Budgets",
        groups="tibillet_wallet.tibillet_wallet_group_accountant",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day of a festival is not before its first one."
    )
    _numbers = models.Constraint(
        "CHECK (seats_max >= 0 AND price >= 0 AND pass_price >= 0)",
        "Capacity and prices of a festival are 0 or more.",
    )

    @api.depends("company_id")
    def _compute_address_id(self):
        for festival in self:
            festival.address_id = festival.company_id.partner_id

    def _compute_website_url(self):
        for festival in self:
            festival.website_url = (
                f"/festival/{self.env['ir.http']._slug(festival)}" if festival.id else "#"
            )

    @api.constrains("hour_begin", "hour_end")
    def _check_hours(self):
        for festival in self:
            if not (0 <= festival.hour_begin < 24 and 0 <= festival.hour_end <= 24):
                raise ValidationError(self.env._("An hour lies between 0:00 and 24:00."))

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for festival in self:
            if (festival.date_to - festival.date_from).days >= 60:
                raise ValidationError(
                    self.env._("A festival lasts 60 days at most: make several of it.")
                )

    @api.constrains("company_id")
    def _check_company_of_events(self):
        for festival in self:
            others = festival.event_ids.filtered(
                lambda event, festival=festival: event.company_id != festival.company_id
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(event)s is another place's: it cannot be of %(festival)s.",
                        event=others[0].name,
                        festival=festival.name,
                    )
                )

    def write(self, vals):
        """Dates that move take the team's rights with them, at once.

        :raises AccessError: for who would move the end of their own rights
        """
        moved = {"date_from", "date_to", "active", "company_id"} & vals.keys()
        if moved and self.member_ids:
            self.member_ids._check_giver()
        result = super().write(vals)
        if moved:
            members_sudo = self.member_ids.sudo()  # by _check_giver
            members_sudo._check_user()
            members_sudo._apply()
        return result

    def unlink(self):
        self.check_access("unlink")
        self.member_ids._check_giver()
        members_sudo = self.member_ids.sudo()  # by _check_giver
        members_sudo._take()
        return super().unlink()

    # -- actions ---------------------------------------------------------------------------------

    def action_budget(self):
        """The festival's budget, or a new one that takes its name and its days.

        :raises AccessError: for who keeps no books
        """
        self.ensure_one()
        self.check_access("read")
        budgets = self.env["tibillet.budget"].search([("festival_id", "=", self.id)])
        budgets.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Budgets of %s", self.name),
            "res_model": "tibillet.budget",
            "view_mode": "form" if len(budgets) < 2 else "list,form",
            **({"res_id": budgets.id} if len(budgets) == 1 else {}),
            "domain": [("festival_id", "=", self.id)],
            "context": {
                "default_festival_id": self.id,
                "default_name": self.name,
                "default_date_from": self.date_from,
                "default_date_to": self.date_to,
                "default_company_id": self.company_id.id,
            },
        }
