"""The drawer of a session: float, bags, counts, hand-overs, and what Odoo's closing gets."""

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import ConcurrencyError

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .amounts import MAX_MINOR, read_amount

MAX_TEXT = 64
PIN_TRIES = 10
PIN_SECONDS = 900


class PosSession(models.Model):
    _inherit = "pos.session"

    tibillet_shift_ids = fields.One2many(
        "tibillet.cash.shift",
        "session_id",
        string="Cashiers",
        readonly=True,
        groups="tibillet_pos_nfc.tibillet_pos_nfc_group_manager",
    )

    # -- what the till calls -----------------------------------------------------------

    def tibillet_cash(self, by=None):
        """Who has the drawer, and whether it has to be counted before the session closes.

        Never says what should be in it.

        :param by: ``{"device": credential, "employee_id"}``, here and below: which paired
            device asks and who stands before it; who has *minimal rights* is refused
        :returns: ``{"ok", "person", "since", "to_count", "waiting", "opening", "drops",
            "missing"}``; ``missing`` names devices whose acts have not all arrived
        """

        def look():
            self._tibillet_known_at_the_drawer(by)
            return self._tibillet_cash_state()

        return self._tibillet_cash_answer(look)

    def tibillet_cash_count(self, key, coins, loose=0, by=None):
        """Take a blind count: close the cashier's part, then say what was expected.

        :param key: of this count, repeated in retries
        :param coins: ``{value in minor units: pieces}``
        :param loose: money counted otherwise, as typed
        :returns: ``{"ok", "person", "counted", "expected", "difference"}`` in the currency
        """
        return self._tibillet_cash_answer(lambda: self._tibillet_count(key, coins, loose, by))

    def tibillet_cash_accept(self, person=None, employee_id=None, pin=None, by=None):
        """Take the drawer over: what was counted is now in somebody else's hands.

        :param person: the name of who takes over, where cashiers are no employees
        :param employee_id: the employee who does; ``pin`` is theirs
        :returns: the state of the drawer, as ``tibillet_cash``
        """
        return self._tibillet_cash_answer(
            lambda: self._tibillet_accept(person, employee_id, pin, by),
            before=lambda: self._tibillet_count_pin_try(employee_id) if employee_id else None,
        )

    def tibillet_cash_drop(self, key, amount, bag, person, witness, by=None):
        """Note a bag that leaves the drawer for the safe.

        :param amount: a number, or as typed: comma or point
        :returns: ``{"ok", "drop": {"bag", "amount", "person", "witness", "at", "till"}}``
        """
        return self._tibillet_cash_answer(
            lambda: self._tibillet_drop(key, amount, bag, person, witness, by)
        )

    def tibillet_drawer_opened(self, reason="other", by=None, key=None):
        """Count an opening of the drawer, once per key; whoever did it, it is open.

        :param key: of this opening, repeated in retries
        """
        return self._tibillet_cash_answer(lambda: self._tibillet_note_opening(reason, by, key))

    def _tibillet_cash_answer(self, act, before=None):
        def carefully():
            hit = self.env["tibillet.rate.limit"]._hit("till-cash", self.env.uid, 120, 60)
            if not hit.allowed:
                raise LedgerError(
                    "rate_limited", self.env._("Too many requests. Wait a minute, then go on.")
                )
            if not self._tibillet_has_shifts():
                raise LedgerError("not_allowed", self.env._("This till takes no cards."))
            if before:
                before()
            try:
                with self.env.cr.savepoint():
                    return {"ok": True, "code": "cash", "message": ""} | act()
            except UniqueViolation as error:
                # The same request, twice at once: begun again, it finds what the other wrote.
                raise ConcurrencyError("another request noted this") from error

        return self._tibillet_answer(carefully)

    def _tibillet_has_shifts(self):
        self.ensure_one()
        return self.config_id.tibillet_wallet

    # -- state -------------------------------------------------------------------------

    def _tibillet_shift(self):
        """The running part, as superuser: cashiers have no right on counts."""
        shifts_sudo = self.env["tibillet.cash.shift"].sudo()
        session_sudo = self.sudo()  # its float, that cashiers do not read
        return shifts_sudo.browse(shifts_sudo._current_id(session_sudo))

    def _tibillet_cash_state(self):
        shift_sudo = self._tibillet_shift()
        drops_sudo = self.env["tibillet.cash.drop"].sudo().search([("session_id", "=", self.id)])
        return {
            "cash": bool(self.config_id.cash_control),
            "person": shift_sudo.person or "",
            "since": fields.Datetime.to_string(shift_sudo.opened_at),
            "waiting": not shift_sudo.person,
            "to_count": self._tibillet_to_count(shift_sudo),
            # taken over is known to who took it over; what passed since is not said
            "opening": shift_sudo.opening,
            "drops": [drop._tibillet_slip() for drop in drops_sudo],
            "missing": self._tibillet_missing_devices(),
        }

    def _tibillet_to_count(self, shift_sudo):
        """Whether money passed since the last count, or nothing was ever counted."""
        if not self.config_id.cash_control:
            return False
        return shift_sudo.number == 1 or shift_sudo._has_orders()

    def _tibillet_missing_devices(self):
        """Devices of this till with acts that have not arrived, with when they were seen."""
        gaps_sudo = self.env["tibillet.device.gap"].sudo()  # closed to cashiers
        acts_sudo = self.env["tibillet.device.act"].sudo()
        gaps = gaps_sudo.search([("device_id.config_id", "=", self.config_id.id)])
        seen = dict(
            acts_sudo._read_group(
                [("device_id", "in", gaps.device_id.ids)], ["device_id"], ["received_at:max"]
            )
        )
        return [
            {
                "device": device.name,
                "acts": sum(gap.last_seq - gap.first_seq + 1 for gap in of_device),
                "seen": fields.Datetime.to_string(seen.get(device)) or "",
            }
            for device, of_device in gaps.grouped("device_id").items()
        ]

    # -- acts --------------------------------------------------------------------------

    def _tibillet_read_amount(self, value, zero=False):
        try:
            minor = read_amount(value, self.currency_id.decimal_places)
        except ValueError:
            minor = -1
        if minor < (0 if zero else 1):
            raise LedgerError(
                "invalid", self.env._("“%s” is no amount. Write it like 150,50.", value)
            )
        return minor / 10**self.currency_id.decimal_places

    def _tibillet_read_text(self, value, sentence):
        text = " ".join(value.replace("\0", " ").split()) if isinstance(value, str) else ""
        if not 0 < len(text) <= MAX_TEXT:
            raise LedgerError("invalid", sentence)
        return text

    def _tibillet_count(self, key, coins, loose, by=None):
        self.env["tibillet.till"]._check_key(key)
        self._tibillet_check_drawer_person(by)
        device_id = self._tibillet_drawer_device(by).id
        coins = self._tibillet_check_coins(coins)
        total = self._tibillet_read_amount(loose, zero=True)
        total += sum(int(value) * pieces for value, pieces in coins.items()) / (
            10**self.currency_id.decimal_places
        )
        total, session_id = self.currency_id.round(total), self.id
        self.env.flush_all()
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # two short transactions of its own
        # First the part is closed, which waits for the orders that are being stored; then a
        # second transaction, begun after it, sees all of them and compares.
        shift_id = ledger_sudo._short(
            lambda env: (
                env["pos.session"].browse(session_id)._tibillet_take(key, coins, total, device_id)
            )
        )
        answer = ledger_sudo._short(
            lambda env: env["pos.session"].browse(session_id)._tibillet_compare(shift_id)
        )
        self.env.invalidate_all()
        return answer

    def _tibillet_check_coins(self, coins):
        known = isinstance(coins, dict) and all(
            str(value).isascii()
            and str(value).isdigit()
            and isinstance(pieces, int)
            and not isinstance(pieces, bool)
            and 0 <= pieces <= 100000
            and 0 < int(value) <= MAX_MINOR
            for value, pieces in coins.items()
        )
        if not known or len(coins) > 100:
            raise LedgerError("invalid", self.env._("Count whole coins and notes."))
        return {str(value): pieces for value, pieces in coins.items() if pieces}

    def _tibillet_take(self, key, coins, total, device_id=False):
        """Close the running part with what was counted; answers its id, once per key."""
        shifts_sudo = self.env["tibillet.cash.shift"].sudo()
        known_sudo = shifts_sudo.search([("session_id", "=", self.id), ("key", "=", key)])
        if not known_sudo:
            known_sudo = self._tibillet_shift()
            known_sudo.write(
                {
                    "state": "counted",
                    "key": key,
                    "coins": coins,
                    "counted": total,
                    "blind": True,
                    "counted_device_id": device_id,
                    "closed_at": fields.Datetime.now(),
                    # nobody had accepted it: who counts answers for it
                    "person": known_sudo.person or self._tibillet_person(),
                }
            )
            known_sudo.flush_recordset()
        elif self.currency_id.compare_amounts(known_sudo.counted, total):
            raise LedgerError(
                "key_conflict", self.env._("This count was already taken with another sum.")
            )
        return known_sudo.id

    def _tibillet_compare(self, shift_id):
        """Compare a count with what passed, put the difference in the books, go on."""
        shifts_sudo = self.env["tibillet.cash.shift"].sudo()
        session_sudo = self.sudo()  # its float, that cashiers do not read
        shift_sudo = shifts_sudo.browse(shift_id)
        if shift_sudo.state == "counted":
            expected = shift_sudo._expected()
            difference = self.currency_id.round(shift_sudo.counted - expected)
            self._tibillet_post_difference(shift_sudo, difference)
            shift_sudo.write({"state": "closed", "expected": expected, "difference": difference})
            shift_sudo.flush_recordset()
            shifts_sudo._begin(session_sudo)
        return {
            "person": shift_sudo.person,
            "counted": shift_sudo.counted,
            "expected": shift_sudo.expected,
            "difference": shift_sudo.difference,
        }

    def _tibillet_post_difference(self, shift_sudo, difference):
        """Book the difference at the count, so that the next cashier starts from zero and
        Odoo's own closing finds in the drawer what it expects."""
        if not difference:
            return
        journal_sudo = self.sudo().cash_journal_id
        account_sudo = (
            journal_sudo.profit_account_id if difference > 0 else journal_sudo.loss_account_id
        )
        if not account_sudo:
            account_sudo = journal_sudo.suspense_account_id
        self._tibillet_cash_line(
            shift_sudo,
            "difference",
            difference,
            self.env._(
                "Count of %(person)s, %(session)s", person=shift_sudo.person, session=self.name
            ),
            account_sudo,
        )

    def _tibillet_cash_line(self, shift_sudo, kind, amount, reference, account_sudo):
        lines_sudo = self.env["account.bank.statement.line"].sudo()  # cashiers are no accountants
        session_sudo = self.sudo()  # nor do they read journals
        return (
            lines_sudo.with_company(self.company_id)
            .with_context(no_retrieve_partner=True)
            .create(
                {
                    "pos_session_id": self.id,
                    "journal_id": session_sudo.cash_journal_id.id,
                    "amount": amount,
                    "date": fields.Date.context_today(self),
                    "payment_ref": reference,
                    "counterpart_account_id": account_sudo.id,
                    "tibillet_shift_id": shift_sudo.id,
                    "tibillet_kind": kind,
                }
            )
        )

    def _tibillet_person(self, employee=None):
        session_sudo = self.sudo()  # a cashier reads no employee
        employee = employee or session_sudo.employee_id
        return (self.config_id.module_pos_hr and employee.name) or self.env.user.name

    def _tibillet_accept(self, person, employee_id, pin, by=None):
        if not employee_id:  # who takes over answers for it, whoever stood there before
            self._tibillet_check_drawer_person(by)
        employee_sudo = self.env["hr.employee"].sudo()  # a cashier reads no employee
        session_sudo = self.sudo()  # nor names one
        if employee_id:
            if isinstance(employee_id, bool) or not isinstance(employee_id, int):
                raise LedgerError("invalid", self.env._("Choose who takes the drawer over."))
            allowed = session_sudo.config_id._employee_domain(self.env.uid)
            employee_sudo = employee_sudo.search([("id", "=", employee_id), *allowed], limit=1)
            if not employee_sudo or (employee_sudo.pin and employee_sudo.pin != str(pin or "")):
                raise LedgerError(
                    "not_allowed", self.env._("This is not their PIN. Type it again.")
                )
            if self._tibillet_is_minimal(employee_sudo):
                raise LedgerError("not_allowed", self._tibillet_minimal_sentence(employee_sudo))
            person = employee_sudo.name
        person = self._tibillet_read_text(
            person, self.env._("Say who takes the drawer over: at most 64 characters.")
        )
        shift_sudo = self._tibillet_shift()
        if shift_sudo.person and shift_sudo.person != person:
            raise LedgerError(
                "not_allowed",
                self.env._("%(person)s has the drawer. Count it first.", person=shift_sudo.person),
            )
        shift_sudo.write(
            {
                "person": person,
                "user_id": self.env.uid,
                "employee_id": employee_sudo.id,
                "device_id": self._tibillet_drawer_device(by).id,
            }
        )
        if employee_sudo and self.config_id.module_pos_hr:
            session_sudo.employee_id = employee_sudo
        return self._tibillet_cash_state()

    def _tibillet_count_pin_try(self, employee_id):
        """Ten tries of one employee's PIN in a quarter of an hour, whoever makes them.

        :raises LedgerError: ``rate_limited``
        """
        hit = self.env["tibillet.rate.limit"]._hit("till-pin", employee_id, PIN_TRIES, PIN_SECONDS)
        if not hit.allowed:
            raise LedgerError(
                "rate_limited",
                self.env._(
                    "Too many PINs were tried. Try again in %s minutes, or ask a manager.",
                    -(-hit.retry_after_s // 60),
                ),
            )
