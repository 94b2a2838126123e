"""The rate of VAT of an event, with its reason (practice-france 17)."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

#: What a reason says of the rate, in percent (CGI 278-0 bis F, 281 quater).
RATE_OF_REASON = {"show": 5.5, "first": 2.1, "none": 0.0}
REASONS = [
    ("show", "Show, where nobody usually eats or drinks during it (5.5 %)"),
    ("first", "One of the first 140 performances of the work (2.1 %)"),
    ("bar", "Show in a place where one usually eats or drinks during it"),
    ("other_kind", "Not a show: the rate of what is sold"),
    ("none", "The organiser charges no VAT"),
    ("other", "Another reason"),
]


class EventEvent(models.Model):
    """A rate is chosen per event, never by a product's default: the same hall has concerts where
    one drinks and plays where nobody does."""

    _inherit = "event.event"

    tibillet_vat_id = fields.Many2one(
        "account.tax",
        string="VAT",
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent'),"
        " ('company_id', '=', company_id)]",
        tracking=True,
        help="Of every rate of this event.",
    )
    tibillet_vat_reason = fields.Selection(REASONS, string="Why this VAT", tracking=True)
    tibillet_vat_note = fields.Char(string="The reason in words", tracking=True)

    @api.constrains("tibillet_vat_id", "tibillet_vat_reason", "tibillet_vat_note", "company_id")
    def _check_tibillet_vat(self):
        for event in self:
            refusal = event._tibillet_vat_refusal(
                event.company_id,
                event.tibillet_vat_id,
                event.tibillet_vat_reason,
                event.tibillet_vat_note,
            )
            if refusal:
                raise ValidationError(refusal)

    @api.model
    def _tibillet_vat_refusal(self, company, tax, reason, note):
        """Why this rate and this reason do not go together; False when they do."""
        if tax and not reason:
            return self.env._("Say why the event has this rate of VAT.")
        if reason and reason != "none" and not tax:
            return self.env._("Choose the VAT that goes with the reason.")
        if reason == "other" and not (note or "").strip():
            return self.env._("Write the reason of the VAT in words.")
        if tax and (
            tax.type_tax_use != "sale"
            or tax.amount_type != "percent"
            or tax.company_id not in (company or self.env.company).parent_ids
        ):
            return self.env._(
                "%(tax)s is not a VAT on sales of %(company)s.",
                tax=tax.display_name,
                company=(company or self.env.company).name,
            )
        rate = RATE_OF_REASON.get(reason)
        if tax and rate is not None and float_compare(tax.amount, rate, precision_digits=3):
            return self.env._(
                "This reason goes with %(rate)s %%, but %(tax)s is %(amount)s %%: choose another"
                " rate, or “Another reason” and write it.",
                rate=f"{rate:g}",
                tax=tax.name,
                amount=f"{tax.amount:g}",
            )
        return False

    def write(self, vals):
        changes = {"tibillet_vat_id", "tibillet_vat_reason"} & vals.keys()
        if changes:
            self._tibillet_check_vat_free(vals)
        result = super().write(vals)
        if changes:
            self._tibillet_apply_vat()
        return result

    def _tibillet_check_vat_free(self, vals):
        """:raises UserError: when tickets at a price are out and the rate would change"""
        tax_id = vals.get("tibillet_vat_id", ...)
        others = self.filtered(lambda one: tax_id is not ... and one.tibillet_vat_id.id != tax_id)
        sold = self.env["event.registration"].search_count(
            [
                ("event_id", "in", others.ids),
                ("state", "in", ("open", "done")),
                ("event_ticket_id.price", ">", 0),
            ],
            limit=1,
        )
        if sold:
            raise UserError(
                self.env._(
                    "Tickets of this event are sold with their VAT already: the rate stays. Cancel"
                    " the event and duplicate it if it is wrong."
                )
            )

    # -- what its tickets are sold as ------------------------------------------------------------

    def _tibillet_apply_vat(self):
        """Sell every rate of these events as the article that bears their VAT; prices stay.

        Charts bring most rates of VAT asleep; an article of one would be sold without any.
        """
        asleep = self.tibillet_vat_id.filtered(lambda tax: not tax.active)
        asleep.sudo().active = True  # who prepares events writes no taxes, and chose this one
        for event in self.filtered("tibillet_vat_reason"):
            product = event._tibillet_ticket_product()
            for ticket in event.event_ticket_ids:
                article = ticket._tibillet_article(product, *ticket._tibillet_asset_told())
                if ticket.product_id != article:
                    ticket.write({"product_id": article.id, "price": ticket.price})

    def _tibillet_ticket_product(self):
        """The article of tickets of the event's company at its rate; made when there is none."""
        self.ensure_one()
        company = self.company_id or self.env.company
        tax = self.tibillet_vat_id
        # sudo: who prepares events makes no articles, this one follows from the choice of a rate
        products_sudo = self.env["product.product"].sudo().with_company(company)
        found_sudo = products_sudo.search(
            [
                ("tibillet_ticket", "=", True),
                ("company_id", "=", company.id),
                ("taxes_id", "in" if tax else "=", tax.ids or False),
            ],
            order="id",
        ).filtered(lambda product: product.taxes_id == tax)
        if found_sudo:
            return found_sudo[0].with_env(self.env)
        made_sudo = products_sudo.create(
            {
                "name": self.env._("Ticket, %s", tax.name)
                if tax
                else self.env._("Ticket without VAT"),
                "type": "service",
                "service_tracking": "event",
                "list_price": 0,
                "company_id": company.id,
                "taxes_id": [Command.set(tax.ids)],
                "tibillet_ticket": True,
            }
        )
        return made_sudo.with_env(self.env)
