import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..settlement.tibillet_settlement import ACCOUNTANT


class TibilletSepaOrder(models.Model):
    """A file of transfers that was made for a bank, and what became of it.

    Made once and kept as it was made: what it pays stands in no other file until it is taken
    back. What is paid is any record whose model has ``_sepa_paid(line)``.
    """

    _name = "tibillet.sepa.order"
    _inherit = ["mail.thread"]
    _description = "SEPA order"
    _order = "id desc"
    _rec_name = "reference"
    _mail_post_access = "read"

    reference = fields.Char(required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Place", required=True, readonly=True, ondelete="restrict"
    )
    journal_id = fields.Many2one(
        "account.journal", string="Bank", required=True, readonly=True, ondelete="restrict"
    )
    bank_name = fields.Char(string="From", compute="_compute_bank_name", compute_sudo=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    date = fields.Date(string="To be paid on", required=True, readonly=True)
    state = fields.Selection(
        [("made", "For the bank"), ("paid", "Paid"), ("cancelled", "Taken back")],
        default="made",
        required=True,
        readonly=True,
        tracking=True,
    )
    turns = fields.Integer(default=0, required=True, readonly=True, aggregator=None)
    line_ids = fields.One2many("tibillet.sepa.line", "order_id", readonly=True)
    total = fields.Monetary(compute="_compute_total")
    # who reads the books sees what was ordered, not the order that a bank carries out
    file = fields.Binary(attachment=False, readonly=True, groups=ACCOUNTANT)
    file_name = fields.Char(readonly=True)

    def _compute_bank_name(self):
        for order in self:
            number = order.journal_id.bank_account_id.acc_number
            order.bank_name = f"{order.journal_id.name} · {number}" if number else False

    def _compute_total(self):
        for order in self:
            order.total = sum(order.line_ids.mapped("amount"))

    # -- making ----------------------------------------------------------------------------

    @api.model
    def _make(self, journal, date, payments):
        """Make the file and keep it; the caller has checked who asks.

        :param journal: the bank journal that pays
        :param date: the day of execution
        :param payments: as for ``tibillet.sepa._file``, each with ``"record"``: what is paid. Its
            model has ``_sepa_paid(line)``, called when the bank has paid.
        :return: the order
        :raises UserError: with what stands in the way; nothing is made then
        """
        orders_sudo = self.sudo()  # these rows are written by acts alone
        journal_sudo = journal.sudo()
        company_sudo = journal_sudo.company_id
        sepa_sudo = orders_sudo.env["tibillet.sepa"]
        payments = [
            {**payment, "bank": payment["bank"].sudo(), "record": payment["record"].sudo()}
            for payment in payments
        ]
        orders_sudo._check_once([payment["record"] for payment in payments])
        content = sepa_sudo._file(journal_sudo, date, payments)
        reference = orders_sudo.env["ir.sequence"].next_by_code("tibillet.sepa.order")
        order_sudo = orders_sudo.create(
            {
                "reference": reference,
                "company_id": company_sudo.id,
                "journal_id": journal_sudo.id,
                "currency_id": (journal_sudo.currency_id or company_sudo.currency_id).id,
                "date": date,
                "file": base64.b64encode(content),
                "file_name": f"{reference.replace('/', '-')}.xml",
            }
        )
        lines = []
        for payment in payments:
            name = payment.get("name") or sepa_sudo._holder(payment["bank"])
            iban = sepa_sudo._iban(payment["bank"], name)
            lines.append(
                {
                    "order_id": order_sudo.id,
                    "name": name,
                    # In fours, as on paper: people compare it.
                    "iban": " ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
                    "reference": payment["reference"],
                    "amount_minor": payment["amount_minor"],
                    "res_model": payment["record"]._name,
                    "res_id": payment["record"].id,
                }
            )
        orders_sudo.env["tibillet.sepa.line"].create(lines)
        return order_sudo.with_env(self.env)

    @api.model
    def _live_lines(self, record):
        """What of a record stands in a file that the bank may still carry out."""
        lines_sudo = self.env["tibillet.sepa.line"].sudo()  # orders of any place
        return lines_sudo.search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids), ("live", "=", True)]
        )

    @api.model
    def _check_once(self, records):
        seen = set()
        for record in records:
            if record in seen:
                raise UserError(
                    self.env._("%s stands in this order twice: leave one out.", record.display_name)
                )
            seen.add(record)
            if line_sudo := self._live_lines(record)[:1]:
                raise UserError(
                    self.env._(
                        "%(what)s is in the SEPA order %(order)s already: say there that the bank "
                        "has paid it, or take that order back.",
                        what=record.display_name,
                        order=line_sudo.order_id.reference,
                    )
                )

    # -- what became of it -----------------------------------------------------------------

    def _check_accountant(self):
        """:raises AccessError: unless an accountant of the place asks"""
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant pays from here."))
        self.check_access("read")

    def _take_turn(self):
        """Update the row first: of two acts at once the later starts again."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tibillet_sepa_order SET turns = turns + 1 WHERE id = ANY(%s)", [self.ids]
        )
        self.invalidate_recordset()

    def _check_made(self):
        if self.state != "made":
            raise UserError(
                self.env._(
                    "%s was paid or taken back already: nothing was changed.", self.reference
                )
            )

    def action_paid(self):
        """The bank has carried it out: each transfer is noted where it belongs.

        :raises UserError: before its day, or with what stands in the way; nothing is noted then
        """
        self._check_accountant()
        self._take_turn()
        for order_sudo in self.sudo():  # written by acts alone
            order_sudo._check_made()
            if order_sudo.date > fields.Date.context_today(self):
                raise UserError(
                    self.env._(
                        "%s is to be paid on a day that is still to come: note it then.",
                        order_sudo.reference,
                    )
                )
            order_sudo.line_ids.live = False
            order_sudo.state = "paid"
            for line_sudo in order_sudo.line_ids:
                self.env[line_sudo.res_model].browse(line_sudo.res_id)._sepa_paid(line_sudo)
        return True

    def action_take_back(self):
        """The file was not given to the bank: what it pays may be paid by another."""
        self._check_accountant()
        self._take_turn()
        for order_sudo in self.sudo():  # written by acts alone
            order_sudo._check_made()
            order_sudo.line_ids.live = False
            order_sudo.state = "cancelled"
        return True

    def action_download(self):
        """Save the file, to give it to the bank."""
        self.ensure_one()
        self._check_accountant()
        if self.state == "cancelled":
            raise UserError(
                self.env._("%s was taken back: the bank must not get it.", self.reference)
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/tibillet.sepa.order/{self.id}/file/{self.file_name}?download=1",
            "target": "download",
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A SEPA order is made by its form."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A SEPA order changes by its buttons only."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A SEPA order stays in the list: take it back instead."))
