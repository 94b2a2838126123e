"""The doors of the card page: each asks for an open till, a cashier and a paired device."""

from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_card_page(self, device, uid):
        """State, balances, rights and reminder of a card, and what may be done with it here.

        :param device: the till's credential
        :param uid: what the reader read, hexadecimal
        :returns: ``{"ok", "code", "message", "card", "balances", "left_minor", "rights",
            "notice", "may"}``; of a lost or blocked card its state only
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.card.page"]._open(self, self._tibillet_device(device), uid)
        )

    def tibillet_notice_shown(self, device, uid, key):
        """The till has shown the reminder of this key: it is delivered from now on.

        :returns: ``{"ok", "code", "message", "count"}``
        """

        def shown():
            self._tibillet_device(device)._take_token("lookup")
            return self.env["tibillet.card.page"]._notice_shown(uid, key)

        return self._tibillet_answer(shown)

    def tibillet_card_act(self, device, seq, key, uid, act, values):
        """Do one act of the card page, once per key.

        :param device: the till's credential
        :param seq: the act's number in the till's own count, without gap
        :param key: the till's key of this act, repeated in retries
        :param uid: what the reader read, hexadecimal
        :param act: a key of ``tibillet.till.acts._acts``
        :param values: what the act asks for
        :returns: ``{"ok", "code", "message", …}``
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till.acts"]._do(
                self, self._tibillet_device(device), seq, key, uid, act, values
            ),
            numbered=True,
        )

    def tibillet_card_ways(self, device, uid):
        """How much of a card may be paid back, by which way, and whether the drawer can.

        :returns: ``{"ok", "code", "message", "assets", "by_bank"}``, amounts in minor units of
            the till's currency; of each asset, ``drawer`` says of what goes back in cash whether
            there is ``enough``, would be ``low`` afterwards, or is too little: ``short``
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.till.acts"]._ways(self, self._tibillet_device(device), uid)
        )
