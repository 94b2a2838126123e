"""What leaves the drawer in a bag, and each time that it opens."""

from odoo import models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosSession(models.Model):
    _inherit = "pos.session"

    def _tibillet_drop(self, key, amount, bag, person, witness, by=None):
        self.env["tibillet.till"]._check_key(key)
        self._tibillet_check_drawer_person(by)
        amount = self._tibillet_read_amount(amount)
        bag = self._tibillet_read_text(bag, self.env._("Write the number of the bag."))
        names = self.env._("Two names go with a bag: who fills it and who sees it.")
        person = self._tibillet_read_text(person, names)
        witness = self._tibillet_read_text(witness, names)
        if person.casefold() == witness.casefold():
            raise LedgerError("invalid", names)
        if not self.config_id.cash_control:
            raise LedgerError("not_allowed", self.env._("This till has no cash drawer."))
        drops_sudo = self.env["tibillet.cash.drop"].sudo()  # closed to cashiers
        known_sudo = drops_sudo.search([("session_id", "=", self.id), ("key", "=", key)])
        if known_sudo:
            return {"drop": known_sudo._tibillet_slip()}
        if drops_sudo.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("bag", "=", bag),
                ("remittance_id", "=", False),
            ]
        ):
            raise LedgerError(
                "invalid", self.env._("Bag %s is already in the safe. Take another number.", bag)
            )
        shift_sudo = self._tibillet_shift()
        session_sudo = self.sudo()  # accounts, that cashiers do not read
        line_sudo = self._tibillet_cash_line(
            shift_sudo,
            "drop",
            -amount,
            self.env._("Bag %(bag)s, %(session)s", bag=bag, session=self.name),
            session_sudo.company_id.transfer_account_id
            or session_sudo.cash_journal_id.suspense_account_id,
        )
        drop_sudo = drops_sudo.create(
            {
                "session_id": self.id,
                "shift_id": shift_sudo.id,
                "config_id": self.config_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "bag": bag,
                "amount": amount,
                "person": person,
                "witness": witness,
                "key": key,
                "device_id": self._tibillet_drawer_device(by).id,
                "statement_line_id": line_sudo.id,
            }
        )
        return {"drop": drop_sudo._tibillet_slip()}

    def _tibillet_note_opening(self, reason, by=None, key=None):
        openings_sudo = self.env["tibillet.drawer.opening"].sudo()  # closed to cashiers
        if key is not None:
            self.env["tibillet.till"]._check_key(key)
            # of the company: an answer may be lost while the session ends
            known = [("company_id", "=", self.company_id.id), ("key", "=", key)]
            if openings_sudo.search_count(known, limit=1):
                return {}
        reasons = {code for code, _name in openings_sudo._fields["reason"].selection}
        openings_sudo.create(
            {
                "session_id": self.id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "person": self._tibillet_person(),
                "device_id": self._tibillet_drawer_device(by).id,
                "reason": reason if isinstance(reason, str) and reason in reasons else "other",
                "key": key,
            }
        )
        return {}
