"""The till's door to the rights of the day, and to who comes and leaves."""

from odoo import models

from odoo.addons.tibillet_event.exceptions import SeatsError

from ..box_office.pos_session import is_number


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_right_take(self, device, uid, right, product, line):
        """Take one of a day right for a line of the basket; the same line again is the same one.

        :param device: the till's credential
        :param uid: what the reader read, hexadecimal
        :param right: id of the right, :param product: of what is handed out
        :param line: the line's identifier, made by the till
        :returns: ``{"ok", "code", "message", "name", "day_rights"}``; a refusal's ``why`` is
            ``used_up``, ``no_right``, ``not_for_this``
        """
        return self._tibillet_right_answer(
            lambda: self._tibillet_right_take(
                self._tibillet_device(device), uid, right, product, line
            )
        )

    def tibillet_right_back(self, lines):
        """Give back what lines took that left the basket; what was sold stays taken.

        :returns: ``{"ok", "code", "message"}``
        """

        def back():
            mine = self._tibillet_lines(lines)
            self.env["tibillet.day.right"]._give_back(self.config_id, mine)
            return {"ok": True, "code": "", "message": ""}

        return self._tibillet_right_answer(back)

    def tibillet_presence(self, device, uid):
        """A volunteer taps: they came; a later tap says that they left.

        :returns: ``{"ok", "code", "message"}``: ``came``, ``left``, ``twice``
        """

        def tapped():
            self._tibillet_device(device)._take_token("lookup")
            card_sudo = self.env["tibillet.card.page"]._card(uid)
            rows = self.env["tibillet.shift.volunteer"].with_company(self.company_id)
            rows = rows.with_context(allowed_company_ids=self.company_id.ids)
            answer = rows._tibillet_present(card_sudo)
            if not answer["ok"]:
                raise self.env["tibillet.till"]._refusal(
                    "not_allowed", answer["code"], answer["message"]
                )
            return answer

        return self._tibillet_right_answer(tapped)

    def _tibillet_right_answer(self, act):
        """A refusal is an answer, in the words of the till."""

        def refused_in_words():
            try:
                return act()
            except SeatsError as refusal:
                raise self.env["tibillet.till"]._refusal(
                    "not_allowed", refusal.code, str(refusal)
                ) from refusal

        return self._tibillet_answer(refused_in_words)

    def _tibillet_right_take(self, device_sudo, uid, right, product, line):
        device_sudo._take_token("lookup")
        [line] = self._tibillet_lines([line])
        rights_sudo = self.env["tibillet.day.right"].sudo()  # a till reads no kinds of rights
        right_sudo = rights_sudo.browse(right if is_number(right) else ()).exists()
        if not right_sudo or right_sudo.company_id != self.company_id:
            raise SeatsError("no_right", self.env._("This till does not give that right."))
        products_sudo = self.env["product.product"].sudo()  # what this till may sell
        product_sudo = products_sudo.browse(product if is_number(product) else ()).exists()
        if product_sudo not in right_sudo._goods():
            raise SeatsError(
                "not_for_this",
                self.env._("%s: choose an article that belongs to it.", right_sudo.name),
            )
        card_sudo = self.env["tibillet.card.page"]._card(uid)
        use = right_sudo._take(card_sudo, rights_sudo._till_key(self.config_id, line), product_sudo)
        if use.undone or (use.right_id, use.product_id) != (right_sudo, product_sudo):
            raise SeatsError("key_conflict", self.env._("That was given back: touch it again."))
        return {
            "ok": True,
            "code": "taken",
            "message": "",
            "name": right_sudo.name,
            "day_rights": rights_sudo._at_till(card_sudo, self.company_id),
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "closed":
            self.env["tibillet.day.right"]._give_back_unsold(self)
        return result
