from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

MODES = [
    ("once", "One entry"),
    ("several", "Several entries"),
    ("inout", "In and out"),
    ("free", "As often as they like"),
]
OLD_LIST_MS = 24 * 3600 * 1000


class TibilletGateList(models.Model):
    """Who enters where: events, rates and hours, with the entries counted apart.

    Each list is a zone: a ticket that entered the site has not entered the balcony.
    """

    _name = "tibillet.gate.list"
    _description = "Gate list"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    event_ids = fields.Many2many(
        "event.event",
        string="Events",
        required=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    ticket_ids = fields.Many2many(
        "event.event.ticket",
        string="Rates",
        domain="[('event_id', 'in', event_ids)]",
        help="Left empty, every rate of these events.",
    )
    mode = fields.Selection(MODES, string="Entries", required=True, default="once", tracking=True)
    entries_max = fields.Integer(
        string="At most", default=0, help="Entries of one ticket; 0: no limit."
    )
    opens_at = fields.Datetime(
        string="From", tracking=True, help="Left empty, the hours of each event or slot count."
    )
    closes_at = fields.Datetime(string="Until", tracking=True)
    age_minimum = fields.Integer(
        string="Age seen", tracking=True, help="Asked of everybody; each rate may ask more."
    )
    rights = fields.Char(
        string="Rights needed",
        tracking=True,
        help="Codes of rights, by commas; one of them is enough. Left empty, none.",
    )
    instruction = fields.Char(translate=True, help="Shown after each good ticket.")
    offline_unknown = fields.Selection(
        [("warn", "Let in, look again"), ("refuse", "Refuse")],
        string="Signed well, not on the list",
        required=True,
        default="warn",
        help="Without network a ticket that was sold after the phone's last list is met so.",
    )
    ally_ids = fields.Many2many(
        "tibillet.gate.ally",
        string="Allied venues",
        domain="[('company_id', '=', company_id)]",
        help="Tickets that these venues signed enter here, too; left empty, only ours.",
    )
    gate_ids = fields.One2many("tibillet.gate", "list_id", string="Gates")
    pairing_ids = fields.One2many("tibillet.gate.pairing", "list_id", string="Pairing links")
    device_ids = fields.One2many("tibillet.gate.device", "list_id", string="Phones")
    entered = fields.Integer(string="Entries", compute="_compute_entered")
    inside = fields.Integer(string="Inside now", compute="_compute_entered")
    conflicts = fields.Integer(string="Conflicts", compute="_compute_entered")

    @api.constrains("event_ids", "ticket_ids", "company_id", "ally_ids")
    def _check_events(self):
        for one in self:
            if not one.event_ids:
                raise ValidationError(self.env._("Choose the event whose tickets are checked."))
            strangers = one.event_ids.sudo().company_id - one.company_id
            if strangers:
                raise ValidationError(
                    self.env._("%s: a list checks events of its own venue only.", one.name)
                )
            if one.ally_ids.sudo().company_id - one.company_id:
                raise ValidationError(
                    self.env._("%s: an allied venue belongs to another company.", one.name)
                )
            if one.ticket_ids.event_id - one.event_ids:
                raise ValidationError(
                    self.env._("%s: a rate belongs to none of the events.", one.name)
                )

    @api.constrains("entries_max", "age_minimum", "opens_at", "closes_at")
    def _check_numbers(self):
        for one in self:
            if not 0 <= one.entries_max <= 1000:
                raise ValidationError(self.env._("Entries are between 0 (no limit) and 1,000."))
            if not 0 <= one.age_minimum <= 99:
                raise ValidationError(self.env._("An age is between 0 and 99 years."))
            if one.opens_at and one.closes_at and one.opens_at >= one.closes_at:
                raise ValidationError(self.env._("%s: it closes before it opens.", one.name))

    def _compute_entered(self):
        counts = self._counts()
        open_conflicts = dict(
            self.env["tibillet.gate.scan"]._read_group(
                [
                    ("list_id", "in", self.ids),
                    ("conflict", "=", True),
                    ("settled_at", "=", False),
                ],
                ["list_id"],
                ["__count"],
            )
        )
        for one in self:
            one.entered, one.inside = counts.get(one.id, (0, 0))
            one.conflicts = open_conflicts.get(one, 0)

    def action_scans(self):
        """What the gates of this list decided."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_event.tibillet_gate_scan_action"
        )
        return {**action, "domain": [("list_id", "=", self.id)]}

    def action_conflicts(self):
        """What was let in without network against what the server knows."""
        return {**self.action_scans(), "context": {"search_default_conflicts": 1}}

    def _counts(self):
        """Entries and persons inside of each list, by its id."""
        self.env.cr.execute(
            SQL(
                "SELECT list_id, sum(entries), count(*) FILTER (WHERE inside)"
                " FROM tibillet_gate_presence WHERE list_id = ANY(%s) GROUP BY list_id",
                self.ids,
            )
        )
        return {row[0]: (int(row[1]), row[2]) for row in self.env.cr.fetchall()}

    def _most_entries(self):
        """How often one ticket enters; 0: no limit."""
        self.ensure_one()
        return {"once": 1, "several": self.entries_max}.get(self.mode, 0)

    def _right_codes(self):
        self.ensure_one()
        return {code.strip() for code in (self.rights or "").split(",") if code.strip()}

    def _rates(self):
        """The rates that enter here, passes that open one of the events included; in sudo."""
        self.ensure_one()
        rates_sudo = self.env["event.event.ticket"].sudo().with_context(active_test=False)
        events = self.event_ids.ids
        chosen = self.ticket_ids.ids
        domain = [("id", "in", chosen)] if chosen else [("event_id", "in", events)]
        found = rates_sudo.search(domain)
        passes = rates_sudo.search([("tibillet_pass_event_ids", "in", events)])
        return found | passes
