"""Bank of the issue against what is owed: one page per company."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, formatLang
from odoo.tools.misc import format_date

from ...fields import BigInteger
from ..control.tibillet_control import ACCOUNTANT
from .tibillet_books import EVER, Owed

#: A statement older than this says little about today.
OLD_DAYS = 31
STATES = [
    ("none", "No bank chosen"),
    ("unread", "No statement yet"),
    ("short", "Not covered"),
    ("old", "Statement too old"),
    ("covered", "Covered"),
]


class TibilletBacking(models.Model):
    """What stands at the bank, by its last statement, beside what the books owed that day.

    Nothing is stored but the choice of bank accounts: the balance is Odoo's.
    """

    _name = "tibillet.backing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Backing of an issue"
    _order = "company_id"
    _rec_name = "company_id"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", string="Issuer", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    bank_ids = fields.One2many("tibillet.backing.bank", "backing_id", string="Bank accounts")
    told_state = fields.Selection(STATES, readonly=True)

    state = fields.Selection(STATES, compute="_compute_figures")
    sentence = fields.Text(compute="_compute_figures")
    bank_date = fields.Date(string="Statement of", compute="_compute_figures")
    bank_minor = BigInteger(compute="_compute_figures", aggregator=None)
    cards_minor = BigInteger(compute="_compute_figures", aggregator=None)
    places_minor = BigInteger(compute="_compute_figures", aggregator=None)
    missing_minor = BigInteger(compute="_compute_figures", aggregator=None)
    owed_now_minor = BigInteger(compute="_compute_figures", aggregator=None)
    unmatched_minor = BigInteger(compute="_compute_figures", aggregator=None)
    unmatched_count = fields.Integer(
        string="Lines that nothing explains", compute="_compute_figures", aggregator=None
    )
    unmatched_text = fields.Text(compute="_compute_figures")
    ratio = fields.Float(
        string="Covered (%)",
        compute="_compute_figures",
        aggregator=None,
        help="Bank by its last statement, per hundred of what was owed that day.",
    )
    bank = fields.Monetary(string="At the bank", compute="_compute_figures")
    cards = fields.Monetary(string="On cards", compute="_compute_figures")
    places = fields.Monetary(
        string="Owed to places",
        compute="_compute_figures",
        help="What is due to others, without what others owe: that is not at the bank yet.",
    )
    missing = fields.Monetary(compute="_compute_figures")
    owed_now = fields.Monetary(string="Owed by now", compute="_compute_figures")
    unmatched = fields.Monetary(string="Their sum", compute="_compute_figures")

    _company_uniq = models.Constraint("unique(company_id)", "This issuer has its page already.")

    @api.depends("bank_ids.backs")
    @api.depends_context("lang", "uid")
    def _compute_figures(self):
        """Statements and books are read anew each time, for all pages at once."""
        pages_sudo = self.sudo()  # figures of the page, for who may read it
        figures = pages_sudo._figures()
        for backing in self:
            backing.update(figures[backing._origin.id])

    def _figures(self):
        """:return: ``{id: values of the computed fields}``"""
        pages = self._origin
        books = self.env["tibillet.books"]
        banks = books._banks(pages.company_id)
        of_page = {page.id: [banks[bank.id] for bank in page.bank_ids] for page in pages}
        backing = {id_: [bank for bank in all_ if bank.backs] for id_, all_ in of_page.items()}
        days = {(page.company_id.id, EVER) for page in pages} | {
            (page.company_id.id, bank.day)
            for page in pages
            for bank in backing[page.id]
            if bank.day
        }
        owed = books._owed_by_the_books(days)
        return {page.id: page._values(backing[page.id], owed) for page in pages}

    def _values(self, banks, owed):
        """:param banks: list of ``Bank``, those that back; :param owed: see the books"""
        company_id, unit = self.company_id.id, 10**self.currency_id.decimal_places
        days = [bank.day for bank in banks if bank.day]
        # With statements of several days the dearest one counts: money may have moved between.
        then = max((owed[company_id, day] for day in days), key=sum, default=Owed(0, 0))
        now_minor = sum(owed[company_id, EVER])
        minor = {
            "bank": sum(bank.balance_minor for bank in banks),
            "cards": then.cards_minor,
            "places": then.places_minor,
            "owed_now": now_minor,
            "unmatched": sum(bank.unmatched_minor for bank in banks),
        }
        minor["missing"] = max(0, sum(then) - minor["bank"]) if days else 0
        values = {
            "bank_date": min(days, default=False),
            "ratio": minor["bank"] * 100 / sum(then) if sum(then) else 0,
            "unmatched_count": sum(bank.unmatched_count for bank in banks),
            "state": self._state_of(banks, min(days, default=None), minor["missing"]),
            **{f"{name}_minor": amount for name, amount in minor.items()},
            **{name: amount / unit for name, amount in minor.items()},
        }
        return {
            **values,
            "sentence": self._sentence(values, banks),
            "unmatched_text": self._unmatched_text(banks),
        }

    @api.model
    def _state_of(self, banks, oldest, missing_minor):
        if not banks:
            return "none"
        if any(not bank.day for bank in banks):
            return "unread"
        if missing_minor:
            return "short"
        too_old = fields.Date.context_today(self) - timedelta(days=OLD_DAYS)
        return "old" if oldest < too_old else "covered"

    # -- words ---------------------------------------------------------------------------

    def _money(self, minor):
        amount = minor / 10**self.currency_id.decimal_places
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _sentence(self, values, banks):
        """What it comes to, and what to do."""
        names = {
            "owed": self._money(values["cards_minor"] + values["places_minor"]),
            "bank": self._money(values["bank_minor"]),
            "missing": self._money(values["missing_minor"]),
            "now": self._money(values["owed_now_minor"]),
            "day": format_date(self.env, values["bank_date"]) if values["bank_date"] else "",
            "days": OLD_DAYS,
        }
        sentence = {
            "none": self.env._(
                "The books owe %(now)s. No bank account is said to back it: tick the one below "
                "where this money is kept.",
                **names,
            ),
            "unread": self.env._(
                "The books owe %(now)s. A bank account ticked below has no statement yet: write "
                "or import one in Invoicing, Bank journal, Statements.",
                **names,
            ),
            "short": self.env._(
                "%(missing)s are missing: the bank held %(bank)s on %(day)s, and %(owed)s were "
                "owed. Bring in cash that waits in the safe, ask for what others owe, or pay in "
                "the difference.",
                **names,
            ),
            "old": self.env._(
                "Covered on %(day)s (%(bank)s for %(owed)s), but that statement is more than "
                "%(days)s days old: import a newer one.",
                **names,
            ),
            "covered": self.env._(
                "Covered: the bank held %(bank)s on %(day)s, and %(owed)s were owed.", **names
            ),
        }[values["state"]]
        if any(bank.oddity for bank in banks):
            sentence += " " + self.env._(
                "The lines of a statement do not add up to its ending balance: look at it first."
            )
        return sentence

    def _unmatched_text(self, banks):
        """The lines that nothing explains, by name, and what to do about them; nothing when
        there are none."""
        named = [line for bank in banks for line in bank.named]
        if not named:
            return False
        sentences = []
        for line in named:
            words = {
                "day": format_date(self.env, line.day),
                "label": line.label,
                "amount": self._money(line.amount_minor),
                "entry": line.entry,
            }
            sentences.append(
                self.env._(
                    "%(day)s, %(label)s: %(amount)s. The entry %(entry)s has the same amount: if "
                    "it is the same money, give the line that entry's bank account as "
                    "counterpart, so that it counts once.",
                    **words,
                )
                if line.entry
                else self.env._("%(day)s, %(label)s: %(amount)s", **words)
            )
        rest = sum(bank.unmatched_count for bank in banks) - len(named)
        if rest:
            sentences.append(self.env._("and %s more", rest))
        return "\n".join(sentences)

    # -- the page ------------------------------------------------------------------------

    def write(self, vals):
        """Which accounts back is chosen line by line; the rest is read.

        :raises AccessError: for anything else
        """
        if not self.env.su and set(vals) - {"bank_ids"}:
            raise AccessError(self.env._("What this page says is read from the bank's statements."))
        return super().write(vals)

    @api.model
    def _ensure(self, companies):
        """The pages of some companies, in sudo, with a line per bank journal; made on need by
        SQL, so that two who open the page at once make one.

        :rtype: tibillet.backing
        """
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            SQL(
                """INSERT INTO tibillet_backing (company_id, create_date, write_date)
                   SELECT id, timezone('UTC', now()), timezone('UTC', now()) FROM res_company
                    WHERE id = ANY(%s) ON CONFLICT (company_id) DO NOTHING""",
                companies.ids,
            )
        )
        cr.execute(
            SQL(
                """INSERT INTO tibillet_backing_bank
                       (backing_id, company_id, journal_id, backs, create_date, write_date)
                   SELECT p.id, p.company_id, j.id, FALSE,
                          timezone('UTC', now()), timezone('UTC', now())
                     FROM account_journal j JOIN tibillet_backing p ON p.company_id = j.company_id
                    WHERE j.type = 'bank' AND j.active AND j.company_id = ANY(%s)
                   ON CONFLICT (journal_id) DO NOTHING""",
                companies.ids,
            )
        )
        self.env.invalidate_all()
        pages_sudo = self.sudo()  # for the morning's look as for an accountant
        return pages_sudo.search([("company_id", "in", companies.ids)])

    @api.model
    def action_open(self):
        """The page of the company that the user works for, or the list of several.

        :raises AccessError: for who may not read it
        """
        self.check_access("read")
        pages = self._ensure(self.env.companies)
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Backing"),
            "res_model": self._name,
            "view_mode": "list,kanban,form",
            "path": "tibillet-backing",
        }
        if len(pages) == 1:
            action |= {"view_mode": "form", "views": [(False, "form")], "res_id": pages.id}
        return action

    def action_open_unmatched(self):
        """The lines of the bank that nothing explains, for who may read them in Odoo."""
        self.ensure_one()
        self.check_access("read")
        self.env["account.bank.statement.line"].check_access("read")
        backing_sudo = self.sudo()  # which journals
        journals = backing_sudo.bank_ids.filtered("backs").journal_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lines that nothing explains"),
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "domain": [
                ("journal_id", "in", journals.ids),
                ("is_reconciled", "=", False),
                ("state", "=", "posted"),
            ],
            "context": {"create": False},
        }

    def _tell(self):
        """Tell the accountants when it begins to be short or its statement too old; what was
        told is done with when it is covered again."""
        for page in self:
            state = page.state
            if state == page.told_state:
                continue
            page.activity_unlink(["mail.mail_activity_data_warning"])
            if state in ("short", "old"):
                for user in self.env.ref(ACCOUNTANT).all_user_ids:
                    if not user.active or page.company_id not in user.company_ids:
                        continue
                    told = page.with_context(lang=user.lang)
                    summary = {
                        "short": told.env._("The bank holds less than what is owed"),
                        "old": told.env._("The bank's last statement is too old"),
                    }[state]
                    told.activity_schedule(
                        "mail.mail_activity_data_warning",
                        summary=summary,
                        note=told.sentence,
                        user_id=user.id,
                    )
            page.told_state = state
