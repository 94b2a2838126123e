"""Whose card it is: link, lost, replace, claim code, take back, and what it did."""

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, format_datetime

from odoo.addons.tibillet_wallet.claim_codes import spell
from odoo.addons.tibillet_wallet.exceptions import LedgerError

SHOWN_MOVEMENTS = 50


class TibilletTillActs(models.AbstractModel):
    _inherit = "tibillet.till.acts"

    @api.model
    def _acts(self):
        return super()._acts() | {
            "link": self._link,
            "lost": self._lost,
            "replace": self._replace,
            "code": self._code,
            "recycle": self._recycle,
            "moves": self._moves,
        }

    def _authorize_card(self, asked):
        self.env["tibillet.ledger"]._authorize("merge", "till", company=asked.company)

    # -- link ------------------------------------------------------------------------------------

    @api.model
    def _link(self, asked):
        """Put the card in the name of a person, found by exact e-mail or phone, or new.

        A card with a claim code asks for it; one without had none to lose: it is here.
        """
        self._authorize_card(asked)
        card = asked.card.with_env(self.env)
        asked.card._check_usable()
        if asked.card.partner_id:
            raise card._somebody_elses()
        partner_sudo = self._person(asked)
        code = asked.text("code", 20)
        if not asked.card.claim_hash:
            code = card._draw_claim_code()
        elif not code:
            raise LedgerError(
                "not_allowed",
                self.env._("This card has a claim code: ask its holder for it and type it."),
            )
        card._claim(partner_sudo, code, asked.company)
        return {
            "message": self.env._("The card is in the name of %s now.", partner_sudo.name),
            "holder": partner_sudo.name,
        }

    def _person(self, asked):
        """The one person of that address or number, as superuser; made when a name is given.

        :raises LedgerError: ``invalid``
        """
        email, phone = asked.text("email"), asked.text("phone", 40)
        name = asked.text("name")
        partners_sudo = self.env["res.partner"].sudo()  # exact address or number only
        if email and not email_normalize(email):
            raise LedgerError("invalid", self.env._("This is no e-mail address: look again."))
        digits = "".join(sign for sign in phone if sign.isdigit())
        if not email and len(digits) < 6:
            raise LedgerError(
                "invalid", self.env._("Type an e-mail address or a telephone number.")
            )
        here = [("company_id", "in", (False, asked.company.id)), ("is_company", "=", False)]
        if email:
            found_sudo = partners_sudo.search(
                [("email_normalized", "=", email_normalize(email)), *here], limit=2
            )
        else:
            found_sudo = partners_sudo.search([("id", "in", self._ids_of_phone(phone)), *here])
        if len(found_sudo) > 1:
            raise LedgerError(
                "invalid",
                self.env._("Two people have this address or number: type the other one."),
            )
        if found_sudo:
            return found_sudo
        if len(name) < 2:
            raise LedgerError(
                "card_unknown",
                self.env._("Nobody is known by this yet: type their name to add them."),
            )
        return partners_sudo.create(
            {
                "name": name,
                "email": email or False,
                "phone": phone or False,
                "company_id": asked.company.id,
            }
        )

    def _ids_of_phone(self, phone):
        """Partners with exactly this number, however either was written."""
        self.env["res.partner"].flush_model(["phone"])
        wanted = self._national(phone)
        rows = self.env.execute_query(
            SQL(
                """SELECT id, phone FROM res_partner
                    WHERE right(regexp_replace(phone, '[^0-9]', '', 'g'), 6) = %s""",
                wanted[-6:],
            )
        )
        return [partner_id for partner_id, kept in rows if self._national(kept) == wanted]

    def _national(self, phone):
        """Digits of a telephone number without the way into its country."""
        digits = "".join(sign for sign in phone if sign.isdigit())
        code = str(self.env.company.country_id.phone_code or "")
        if phone.strip().startswith("+") or digits.startswith("00"):
            digits = digits.removeprefix("00")
            return digits.removeprefix(code).lstrip("0") if code else digits
        return digits.lstrip("0")

    # -- lost, replaced ------------------------------------------------------------------------

    @api.model
    def _lost(self, asked):
        """Refused everywhere at once; what it holds stays where it is.

        The card that is missing is named by its number or by a top-up's receipt; without
        either it is the one on the reader.
        """
        self._authorize_card(asked)
        named = asked.text("old") or asked.text("receipt")
        card = self._old_card(asked) if named else asked.card.with_env(self.env)
        if not card._is_own() and not card._known_at(asked.company):
            card._check_own()
        card._report_lost()
        return {"message": self.env._("Blocked everywhere. What it holds stays its holder's.")}

    @api.model
    def _replace(self, asked):
        """The card that was tapped opens what the old one held; no money moves.

        Whose it was is proved by the claim code, a top-up's receipt, or by who they are.
        """
        self._authorize_card(asked)
        old = self._old_card(asked)
        old_sudo = old.sudo()  # its number, for the words
        old._replace(
            asked.card.with_env(self.env),
            code=asked.text("code", 20),
            receipt_key=self._receipt_key(asked.text("receipt", 64)),
            identity_checked=asked.values.get("identity_checked") is True,
        )
        receipt = self._paper(asked, self.env._("Card replaced"))
        receipt["left"] = self._left(asked)
        return {
            "message": self.env._(
                "Card %(new)s opens what card %(old)s held; the old one is refused everywhere.",
                new=asked.card.number,
                old=old_sudo.number,
            ),
            "receipt": receipt,
        }

    def _old_card(self, asked):
        """The card that is gone, by its number, else by the receipt of a top-up of it.

        :raises LedgerError: ``invalid``, ``card_unknown``, ``rate_limited``
        """
        cards = self.env["tibillet.card"]
        if asked.text("old"):
            return cards._find(asked.text("old"))
        key = self._receipt_key(asked.text("receipt", 64))
        if not key:
            raise LedgerError(
                "invalid",
                self.env._("Type the number of the lost card, or of a receipt of its top-up."),
            )
        cards._count_try(cards, key)
        operations_sudo = self.env["tibillet.operation"].sudo()  # by its whole key only
        operation_sudo = operations_sudo.search(
            [("key", "=", key), ("code", "=", "topup"), ("state", "=", "posted")], limit=2
        )
        if len(operation_sudo) != 1 or not operation_sudo.card_id:
            raise LedgerError(
                "card_unknown",
                self.env._("No top-up has this receipt number. Check it sign by sign."),
            )
        card_sudo = operation_sudo.card_id
        while card_sudo.replaced_by_id:
            card_sudo = card_sudo.replaced_by_id
        return card_sudo.with_env(self.env)

    def _receipt_key(self, text):
        """A receipt's number as our tills make them, however it was typed."""
        bare = "".join(sign for sign in text.upper() if sign.isalnum())
        if len(bare) == 16:
            return "-".join(bare[at : at + 4] for at in range(0, 16, 4))
        return text

    @api.model
    def _code(self, asked):
        """Draw the claim code and print it, once; only its hash is kept."""
        self._authorize_card(asked)
        code = spell(asked.card.with_env(self.env)._draw_claim_code())
        paper = self._paper(asked, self.env._("Claim code"))
        paper |= {
            "code": code,
            "note": self.env._(
                "Keep it apart from the card. Who has it can put the card in their name, and get "
                "back what is on it when the card is lost."
            ),
        }
        return {"message": self.env._("The claim code is printed once."), "receipt": paper}

    @api.model
    def _recycle(self, asked):
        """An empty card becomes blank, for somebody else; never one that holds anything."""
        self._authorize_card(asked)
        asked.card.with_env(self.env)._recycle(
            holder_agrees=asked.values.get("holder_agrees") is True
        )
        return {"message": self.env._("The card is blank again, for somebody else.")}

    # -- what it did -----------------------------------------------------------------------------

    @api.model
    def _moves(self, asked):
        """What the card did: for a till manager, with a reason that is kept."""
        if not self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager"):
            raise LedgerError(
                "not_allowed", self.env._("Only a till manager looks at what a card did.")
            )
        reason = asked.text("reason")
        if len(reason) < 5:
            raise LedgerError(
                "invalid",
                self.env._(
                    "Write why you look, in a few words: the holder may ask, and it is kept."
                ),
            )
        wallet_sudo = asked.card.wallet_id._surviving()
        wallet_sudo.with_env(self.env)._note_access("moves", reason)
        return {
            "moves": [
                {
                    "id": f"{row['operation']}-{at}",
                    "at": format_datetime(self.env, row["at"], dt_format="short"),
                    "what": row["what"],
                    "where": row["place"] or "",
                    "amount": row["amount"],
                }
                for at, row in enumerate(wallet_sudo._movements(limit=SHOWN_MOVEMENTS))
                if row["amount_minor"]
            ]
        }

    # -- paper -----------------------------------------------------------------------------------

    def _paper(self, asked, title):
        """A receipt of an act that moves no money."""
        return {
            "title": title,
            "place": asked.company.name,
            "till": asked.session.config_id.name,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "tail": (asked.card.number or "")[-4:],
            "amount": "",
            "way": "",
            "left": [],
            "key": "",
            "note": "",
        }
