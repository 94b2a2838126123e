"""Bags that leave the safe for the bank, on one numbered slip."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

NUMBERED = {"state", "number", "name"}


class TibilletCashRemittance(models.Model):
    _name = "tibillet.cash.remittance"
    _description = "Remittance of cash to the bank"
    _order = "id desc"

    name = fields.Char(string="Slip", readonly=True, copy=False, default="/")
    number = fields.Integer(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "In preparation"), ("done", "At the bank")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    remitted_on = fields.Date(string="Taken on", required=True, default=fields.Date.context_today)
    bank = fields.Char(string="Bank and branch")
    person = fields.Char(string="Taken by", required=True, default=lambda self: self.env.user.name)
    drop_ids = fields.Many2many(
        "tibillet.cash.drop",
        string="Bags",
        domain="[('remittance_id', '=', False), ('company_id', '=', company_id)]",
    )
    total = fields.Monetary(compute="_compute_total")

    _number_uniq = models.UniqueIndex(
        "(company_id, number) WHERE state = 'done'", "Slips are numbered once."
    )

    @api.depends("drop_ids.amount")
    def _compute_total(self):
        for remittance in self:
            remittance.total = sum(remittance.drop_ids.mapped("amount"))

    @api.model_create_multi
    def create(self, vals_list):
        """Number and state are given when the bags leave the safe, by nobody's hand."""
        return super().create(
            [{name: vals[name] for name in vals.keys() - NUMBERED} for vals in vals_list]
        )

    def write(self, vals):
        if "done" in self.mapped("state"):
            raise UserError(self.env._("A slip that went to the bank never changes."))
        if NUMBERED & vals.keys() and not self.env.su:
            raise AccessError(self.env._("A slip is numbered when it goes to the bank."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if "done" in self.mapped("state"):
            raise UserError(self.env._("A slip that went to the bank never changes."))

    @api.depends("name", "state")
    def _compute_display_name(self):
        """A slip has no number before it goes to the bank."""
        for remittance in self:
            done = remittance.state == "done"
            remittance.display_name = remittance.name if done else self.env._("New slip")

    def action_remit(self):
        """Number the slip and take its bags out of the safe.

        :raises UserError: without bags, or when a bag is already on another slip
        """
        for remittance in self:
            remittance.check_access("write")
            if remittance.state == "done":
                continue
            if not remittance.drop_ids:
                raise UserError(self.env._("Choose at least one bag."))
            drops_sudo = remittance.drop_ids.sudo()  # nobody writes on bags but the server
            gone = drops_sudo.filtered(
                lambda drop, company=remittance.company_id: (
                    drop.remittance_id or drop.company_id != company
                )
            )
            if gone:
                raise UserError(
                    self.env._("Bag %s is no longer in the safe.", ", ".join(gone.mapped("bag")))
                )
            drops_sudo.remittance_id = remittance
            [(number,)] = self.env.execute_query(
                SQL(
                    """SELECT COALESCE(max(number), 0) + 1 FROM tibillet_cash_remittance
                        WHERE company_id = %s AND state = 'done'""",
                    remittance.company_id.id,
                )
            )
            remittance_sudo = remittance.sudo()  # numbered here and nowhere else
            remittance_sudo.write({"state": "done", "number": number, "name": f"{number:05d}"})
        return True

    def action_slip(self):
        """Open the printed slip."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/remittance/{self.id}.pdf",
            "target": "new",
        }
