"""The Z: what a session was, numbered, sealed and never written again."""

import hashlib
import json

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

FORMAT = 1


def seal(previous, content):
    """SHA-256 over the seal of the Z before and this one's content, keys in order."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


class TibilletClosing(models.Model):
    """One Z for each closed session, without gap for each till of a company.

    Written in the transaction that closes the session. The content is figures and names as
    they were; words around them are put in the reader's language when it is shown.
    """

    _name = "tibillet.closing"
    _description = "Closing of a session (Z)"
    _order = "closed_at desc, id desc"
    _log_access = False

    name = fields.Char(compute="_compute_name")
    number = fields.Integer(string="Z", required=True, readonly=True)
    session_id = fields.Many2one(
        "pos.session", required=True, readonly=True, ondelete="restrict", index=True
    )
    config_id = fields.Many2one(
        "pos.config", string="Till", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    closed_at = fields.Datetime(required=True, readonly=True)
    content = fields.Json(required=True, readonly=True)
    previous_seal = fields.Char(required=True, readonly=True)
    seal = fields.Char(required=True, readonly=True)
    intact = fields.Boolean(compute="_compute_intact", help="The seal is that of the content.")
    turnover = fields.Monetary(compute="_compute_amounts")
    moved = fields.Monetary(string="Money moved", compute="_compute_amounts")
    difference = fields.Monetary(string="Difference counted", compute="_compute_amounts")
    html = fields.Html(compute="_compute_html", sanitize=False)

    _number_uniq = models.Constraint(
        "unique(company_id, config_id, number)", "Each Z of a till has its own number."
    )
    _session_uniq = models.Constraint("unique(session_id)", "A session is closed once.")

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS tibillet_append_only ON tibillet_closing;
                CREATE TRIGGER tibillet_append_only BEFORE UPDATE OR DELETE ON tibillet_closing
                    FOR EACH ROW EXECUTE FUNCTION tibillet_guard_append_only();
                DROP TRIGGER IF EXISTS tibillet_no_truncate ON tibillet_closing;
                CREATE TRIGGER tibillet_no_truncate BEFORE TRUNCATE ON tibillet_closing
                    FOR EACH STATEMENT EXECUTE FUNCTION tibillet_guard_append_only();
                """
            )
        )

    @api.depends("number", "config_id")
    def _compute_name(self):
        for closing in self:
            closing.name = f"Z {closing.content['till']} {closing.number:05d}"

    @api.depends("content", "seal", "previous_seal")
    def _compute_intact(self):
        for closing in self:
            closing.intact = closing.seal == seal(closing.previous_seal, closing.content)

    @api.depends("content")
    def _compute_amounts(self):
        for closing in self:
            content = closing.content
            factor = 10 ** content["currency"]["decimals"]
            closing.turnover = content["turnover"]["gross"] / factor
            closing.moved = sum(row["amount"] for row in content["moved"]) / factor
            closing.difference = content["cash"]["difference"] / factor

    def _compute_html(self):
        for closing in self:
            closing.html = self.env["tibillet.closing.page"]._html(closing.content)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.context.get("tibillet_writing_z") or not self.env.su:
            raise AccessError(self.env._("A Z is written when its session is closed."))
        return super().create(vals_list)

    def write(self, vals):
        raise AccessError(self.env._("A Z never changes."))

    def unlink(self):
        raise AccessError(self.env._("A Z never changes."))

    # -- writing -----------------------------------------------------------------------

    @api.model
    def _write_down(self, session):
        """Number, seal and keep the Z of a session that has just closed."""
        company, config = session.company_id, session.config_id
        last = self.search(
            [("company_id", "=", company.id), ("config_id", "=", config.id)],
            order="number desc",
            limit=1,
        )
        content = self._content(session)
        before = last.content["perpetual"] if last else 0
        content |= {
            "number": last.number + 1,
            "perpetual_before": before,
            "perpetual": before + content["turnover"]["gross"],
        }
        values = {
            "number": content["number"],
            "session_id": session.id,
            "config_id": config.id,
            "company_id": company.id,
            "currency_id": session.currency_id.id,
            "closed_at": session.stop_at or fields.Datetime.now(),
            "content": content,
            "previous_seal": last.seal or "",
            "seal": seal(last.seal or "", content),
        }
        try:
            with self.env.cr.savepoint():
                return self.with_context(tibillet_writing_z=True).create(values)
        except UniqueViolation as error:
            # Two sessions of this till close at once: begun again, this one comes second.
            raise ConcurrencyError("another session took this Z's number") from error

    @api.model
    def _content(self, session):
        """Everything a Z tells, as integers, names and codes; also the preview's (X)."""
        currency = session.currency_id
        content = {
            "format": FORMAT,
            "number": 0,
            "company": session.company_id.name,
            "registry": session.company_id.company_registry or "",
            "vat_number": session.company_id.vat or "",
            "till": session.config_id.name,
            "session": session.name,
            "opened_at": fields.Datetime.to_string(session.start_at) or "",
            "closed_at": fields.Datetime.to_string(session.stop_at) or "",
            "opened_by": session.user_id.name,
            "closed_by": self.env.user.name,
            "timezone": self.env["tibillet.place"]._of_company(session.company_id).tz,
            "currency": {
                "name": currency.name,
                "symbol": currency.symbol,
                "position": currency.position,
                "decimals": currency.decimal_places,
            },
            "notes": [note for note in (session.opening_notes, session.closing_notes) if note],
        }
        figures = self.env["tibillet.figures"]._compute_figures(session)
        # a tour through JSON: what is kept is exactly what is read back, and sealed
        return json.loads(json.dumps(content | figures | self._drawer(session)))

    @api.model
    def _drawer(self, session):
        """The account of the drawer: whole, by cashier, bag by bag, move by move."""
        to_minor, currency = self.env["tibillet.till"]._to_minor, session.currency_id
        shifts = session.tibillet_shift_ids.sorted("number")
        passed = shifts._figures()
        rows = []
        for shift in shifts:
            figures = passed[shift.id]
            rows.append(
                {
                    "person": shift.person or "",
                    "from": fields.Datetime.to_string(shift.opened_at),
                    "to": fields.Datetime.to_string(shift.closed_at) or "",
                    "blind": shift.blind,
                    "device": shift.counted_device_id.name or "",
                    "counted_once": shift.state == "closed",
                    "orders": figures["orders"],
                }
                | {
                    name: to_minor(float(amount or 0), currency)
                    for name, amount in (
                        ("taken", figures["taken"]),
                        ("opening", shift.opening),
                        ("sales", figures["sales"]),
                        ("ins", figures["ins"]),
                        ("outs", figures["outs"]),
                        ("drops", figures["drops"]),
                        ("expected", shift.expected),
                        ("counted", shift.counted),
                        ("difference", shift.difference),
                    )
                }
            )
        totals = {
            name: sum(row[name] for row in rows)
            for name in ("sales", "ins", "outs", "drops", "difference")
        }
        opening = rows[0]["opening"] if rows else 0
        expected = opening + sum(totals[name] for name in ("sales", "ins", "outs", "drops"))
        lines = session.statement_line_ids.filtered("tibillet_shift_id").sorted("id")
        drops = self.env["tibillet.cash.drop"].search([("session_id", "=", session.id)])
        return {
            "control": bool(session.config_id.cash_control),
            "cash": totals
            | {
                "opening": opening,
                "expected": expected,
                "counted": expected + totals["difference"],
            },
            "shifts": rows,
            "bags": [
                drop._tibillet_slip()
                | {
                    "amount": to_minor(drop.amount, currency),
                    "device": drop.device_id.name or "",
                }
                for drop in drops.sorted("id")
            ],
            "moves": [
                {"reason": line.payment_ref or "", "amount": to_minor(line.amount, currency)}
                for line in lines.filtered(lambda line: line.tibillet_kind == "move")
            ],
        }

    # -- showing -----------------------------------------------------------------------

    def action_pdf(self):
        return self._open("pdf")

    def action_csv(self):
        return self._open("csv")

    def action_xlsx(self):
        return self._open("xlsx")

    def _open(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/closing/{self.id}.{kind}",
            "target": "new" if kind == "pdf" else "self",
        }

    @api.model
    def _preview(self, session):
        """The X of an open session: the same figures, without number."""
        if session.state == "closed":
            raise UserError(self.env._("This session is closed: read its Z."))
        return self._content(session) | {"perpetual_before": 0, "perpetual": 0}
