import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.pdf import merge_pdf

from .event_registration import AT_ONCE
from .sheet import A4, FORMS

PART = 250
KEPT_DAYS = 7
GUARDED = {"state", "done", "last_id", "left_out", "file", "user_id", "total"}


class TibilletTicketPrint(models.Model):
    """Many tickets as one PDF. Some hundreds are drawn at once; more by the clock, part by part,
    so that a server that stops goes on where it was.

    The file holds the codes of the tickets: it is kept for a week, for staff of the organiser.
    """

    _name = "tibillet.ticket.print"
    _description = "Tickets to print"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", string="Organiser", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    form = fields.Selection(FORMS, string="Paper", required=True, default=A4)
    registration_ids = fields.Many2many(
        "event.registration",
        "tibillet_ticket_print_registration_rel",
        "print_id",
        "registration_id",
        string="Tickets",
    )
    state = fields.Selection(
        [("new", "To start"), ("running", "Under way"), ("done", "Ready"), ("failed", "Stopped")],
        default="new",
        required=True,
        readonly=True,
        index=True,
    )
    total = fields.Integer(string="Tickets chosen", readonly=True)
    done = fields.Integer(string="Drawn", readonly=True)
    percent = fields.Integer(compute="_compute_percent")
    last_id = fields.Integer(readonly=True)
    left_out = fields.Text(string="Left out", readonly=True)
    file = fields.Binary(string="PDF", attachment=True, readonly=True)
    file_name = fields.Char(compute="_compute_file_name")

    @api.depends("state", "done", "total")
    def _compute_percent(self):
        for job in self:
            job.percent = 100 * job.done // job.total if job.total else 100 * (job.state == "done")

    @api.depends("form")
    def _compute_file_name(self):
        for job in self:
            job.file_name = f"tickets-{job.form}-{job.id}.pdf"

    def _compute_display_name(self):
        for job in self:
            job.display_name = self.env._("%s tickets", job.total)

    # -- guards ----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever prints is who asked, and the clock alone says how far it is."""
        for vals in vals_list:
            for name in GUARDED & vals.keys():
                vals.pop(name)
        jobs = super().create(vals_list)
        for job in jobs:
            job_sudo = job.sudo()  # counted here, whoever asks
            job_sudo.total = len(job_sudo.registration_ids)
        return jobs

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in GUARDED}
            if "registration_ids" in vals and self.filtered(lambda job: job.state != "new"):
                raise UserError(self.env._("These tickets are being printed: start another run."))
        return super().write(vals)

    @api.constrains("registration_ids", "company_id")
    def _check_organiser(self):
        for job in self.sudo():  # what a writer may not read is refused all the same
            if any(
                event._tibillet_organiser() != job.company_id
                for event in job.registration_ids.event_id
            ):
                raise ValidationError(self.env._("Print the tickets of one organiser at a time."))

    # -- by staff --------------------------------------------------------------------------------

    @api.model
    def _ask(self, registrations):
        """The form that asks for the paper and prints these tickets.

        :raises UserError: nothing is chosen, or of several organisers
        """
        registrations.check_access("read")
        tickets_sudo = registrations.sudo()._tibillet_whole_tickets()  # a pass, for its seats
        organisers = {event._tibillet_organiser() for event in tickets_sudo.event_id}
        if not organisers:
            raise UserError(self.env._("There is no ticket to print here."))
        if len(organisers) > 1:
            raise UserError(self.env._("Print the tickets of one organiser at a time."))
        [organiser] = organisers
        job = self.create(
            {
                "company_id": organiser.id,
                "form": organiser.tibillet_ticket_form,
                "registration_ids": [(6, 0, tickets_sudo.ids)],
            }
        )
        return job._form_action("new")

    def _form_action(self, target):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print tickets"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": target,
        }

    def action_print(self):
        """Draw the tickets now, or have the clock do it when they are many.

        :raises UserError: when none of them can be printed
        """
        self.ensure_one()
        self.check_access("write")
        self.registration_ids.check_access("read")
        job_sudo = self.sudo()  # state and file are written by the act alone
        if len(job_sudo.registration_ids) > AT_ONCE:
            job_sudo.write({"state": "running", "done": 0, "last_id": 0, "left_out": False})
            job_sudo._parts().unlink()
            self.env.ref("tibillet_event.ir_cron_print_tickets").sudo()._trigger()
            return self._form_action("current")
        tickets, left_out = job_sudo.registration_ids._tibillet_printable()
        if not tickets:
            raise UserError("\n".join(left_out))
        job_sudo._say_left_out(left_out)
        job_sudo._finish(tickets._tibillet_draw(self.form))
        return self.action_download()

    def action_download(self):
        """The file, for who may read this run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def action_refresh(self):
        """Show how far it is."""
        return self._form_action("current")

    # -- by the clock ----------------------------------------------------------------------------

    @api.model
    def _cron_print(self):
        """Go on with the runs under way, some tickets in one transaction."""
        jobs_sudo = self.sudo().search([("state", "=", "running")], order="id")  # the clock's work
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(job.total - job.done + 1 for job in jobs_sudo))
        for job in jobs_sudo:
            try:
                while count := job._next_part():
                    if not cron._commit_progress(count):
                        return
                parts = job._parts().sorted("name").mapped("raw")
                job._finish(merge_pdf(parts) if parts else b"")
            except UserError as error:
                self.env.cr.rollback()
                job.write({"state": "failed", "left_out": str(error)})
            job._tell()
            cron._commit_progress(1)

    def _next_part(self):
        """Draw the next tickets and keep them; how many were looked at, 0 at the end."""
        self.ensure_one()
        chosen = self.with_context(active_test=False).registration_ids
        chosen = chosen.filtered(lambda one: one.id > self.last_id).sorted("id")[:PART]
        if not chosen:
            return 0
        tickets, left_out = chosen._tibillet_printable()
        self._say_left_out(left_out)
        if tickets:
            self.env["ir.attachment"].create(
                {
                    "name": f"part-{chosen[0].id:012d}",
                    "raw": tickets._tibillet_draw(self.form),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        self.write({"last_id": chosen[-1].id, "done": self.done + len(chosen)})
        return len(chosen)

    def _parts(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
                ("name", "=like", "part-%"),
            ]
        )

    def _say_left_out(self, left_out):
        """Add who is left out and why, as people count them."""
        if left_out:
            lines = [f"{len(some)} × {sentence}" for sentence, some in left_out.items()]
            self.left_out = "\n".join([self.left_out or "", *lines]).strip()

    def _finish(self, data):
        if not data:
            raise UserError(self.left_out or self.env._("There is no ticket to print here."))
        self.write({"state": "done", "done": self.total, "file": base64.b64encode(data)})
        self._parts().unlink()

    def _tell(self):
        """Who asked sees that it is ready, wherever they are by now."""
        said = self.with_context(lang=self.user_id.lang)
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if self.state == "done" else "warning",
                "message": said.env._("Your %s tickets are ready to print.", self.total)
                if self.state == "done"
                else said.env._("No ticket could be printed: open the run to read why."),
            },
        )

    @api.autovacuum
    def _gc_files(self):
        """The codes of tickets are not kept longer than a print needs."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("write_date", "<", before)]).unlink()
