"""The till's door to its stock."""

from odoo import models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_stock(self, device):
        """What the till's stock screen shows: sold out, kegs, reasons of losses, goods.

        :param device: the till's credential
        :returns: ``{"ok", "sold_out", "kegs", "reasons", "goods"}``
        """
        return self._tibillet_stock_answer(device, self.env["tibillet.stock"]._state)

    def tibillet_sold_out(self, device, template_id, out, employee_id=None):
        """Take a product out of sale on every till of the same stock, or put it back.

        Said twice it is said once, so it needs no number.

        :param out: true takes it out of sale, anything else puts it back
        :param employee_id: who is signed in on the till, where its cashiers are employees
        :returns: ``{"ok", "code", "message", "sold_out"}``
        """
        return self._tibillet_stock_answer(
            device,
            lambda session: self.env["tibillet.stock"]._say(session, template_id, out, employee_id),
        )

    def tibillet_loss(
        self, device, seq, key, product_id, quantity, reason_id, note=None, employee_id=None
    ):
        """Write down what was broken, spilt or thrown away: a move of the stock, no money.

        :param seq: the act's number in the till's own count, without gap
        :param key: the till's key of this act, repeated in retries
        :param quantity: in the product's own unit
        :returns: ``{"ok", "code": "lost", "message", "scrap_id"}``
        """
        return self._tibillet_stock_answer(
            device,
            lambda session: self.env["tibillet.stock"]._lose(
                session, key, product_id, quantity, reason_id, note, employee_id
            ),
            act=(seq, key),
        )

    def tibillet_keg(self, device, seq, key, product_id, lose=True, again=True, employee_id=None):
        """Put a full keg on tap, take the old one off.

        :param lose: what should be left in the old one was foam and dregs
        :param again: whether a full one follows
        :returns: as ``tibillet_stock``
        """
        return self._tibillet_stock_answer(
            device,
            lambda session: self.env["tibillet.stock"]._tap_keg(
                session, key, product_id, lose, again, employee_id
            ),
            act=(seq, key),
        )

    def _tibillet_stock_answer(self, credential, answer, act=None):
        """One touch: the device, its rate, its number, then the stock, all of it or nothing."""

        def carefully():
            device_id = self._tibillet_device(credential).id
            till = self.env["tibillet.till"]
            if act:
                till._check_key(act[1])

            def note(env):
                device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
                device_sudo._take_token("act")
                if act:  # cashiers have no right on acts
                    env["tibillet.device.act"].sudo()._record(device_sudo, act[0], "stock", act[1])

            till._ledger()._short(note)
            try:
                with self.env.cr.savepoint():
                    return answer(self)
            except LedgerError as refusal:  # answered, not raised: the act keeps its number
                return refusal.as_answer() | getattr(refusal, "told", {})

        return self._tibillet_answer(carefully, numbered=bool(act))
