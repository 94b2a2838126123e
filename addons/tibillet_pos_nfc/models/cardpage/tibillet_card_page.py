"""What the till shows of a card that was tapped with an empty basket."""

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError

#: States in which the page tells nothing but what to do with the card.
SILENT = ("lost", "blocked", "replaced")


class TibilletCardPage(models.AbstractModel):
    """The card page: state, balances, rights, a reminder, and what may be done here.

    A card that was lost or blocked tells nobody what it holds: whoever taps it may have found
    it. Movements are not part of the page.
    """

    _name = "tibillet.card.page"
    _description = "Card page of a till"

    @api.model
    def _open(self, session, device, uid):
        """The page of the card with this chip.

        :raises LedgerError: ``card_unknown``, ``not_our_card``, ``invalid``, ``rate_limited``
        """
        till = self.env["tibillet.till"]
        device_id = device.id

        def look(env):
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # counts by SQL
            device_sudo._take_token("lookup")

        till._ledger()._short(look)
        card_sudo = self._card(uid)
        card_sudo.wallet_id.with_env(self.env)._note_access("found")
        return {"ok": True, "code": "card_page", "message": ""} | self._page(session, card_sudo)

    @api.model
    def _card(self, uid):
        """The card in whatever state, as superuser: a lost one has a page too.

        :raises LedgerError: ``card_unknown``, ``not_our_card``, ``invalid``
        """
        if not isinstance(uid, str):
            raise LedgerError("invalid", self.env._("The reader sent no readable card."))
        cards_sudo = self.env["tibillet.card"].sudo()  # a cashier may list no cards
        card_sudo = cards_sudo.search([("uid", "=", cards_sudo._normal_uid(uid))], limit=1)
        if not card_sudo:
            raise LedgerError(
                "card_unknown",
                self.env._("This card is not known here. Nothing was taken from it."),
            )
        return card_sudo

    @api.model
    def _page(self, session, card_sudo):
        company = session.company_id
        page = {
            "card": {
                "id": card_sudo.id,
                "number": card_sudo.number,
                "tail": (card_sudo.number or "")[-4:],
                "state": card_sudo.state,
                "look": card_sudo._look(),
                "sentence": self._sentence(card_sudo),
                "holder": "",
                "has_code": bool(card_sudo.claim_hash),
            },
            "balances": [],
            "left_minor": 0,
            "rights": [],
            "notice": False,
            "may": self._may(card_sudo),
            "loads": [],
            "gifts": [],
            "express": session.config_id._tibillet_express_minor(),
        }
        if card_sudo.state in SILENT:
            return page
        till = self.env["tibillet.till"]
        shown = till._describe_card(card_sudo, company)
        if card_sudo.company_id == company:  # who they are is their own place's business
            page["card"]["holder"] = card_sudo.partner_id.name or ""
        page["balances"] = self._balances(card_sudo, company)
        page["loads"] = self._loads(card_sudo, company) if page["may"]["topup"] else []
        page["gifts"] = self._gifts(company) if page["may"]["gift"] else []
        return page | {name: shown[name] for name in ("left_minor", "rights", "notice")}

    @api.model
    def _sentence(self, card_sudo):
        """The state as it is said over the counter."""
        if card_sudo.state in ("lost", "replaced"):
            return self.env._("This card was reported lost. Bring it back to the desk, please.")
        return card_sudo._state_sentence()

    @api.model
    def _balances(self, card_sudo, company):
        """What the card holds that is taken here, held amounts apart, in the order of spending."""
        rows = []
        accounts_sudo = {
            account.asset_id.id: account for account in card_sudo.wallet_id.account_ids
        }
        describe = self.env["tibillet.till"]._describe_amounts
        purses = [
            purse
            for purse in self.env["tibillet.ledger"].sudo()._purses(card_sudo.wallet_id, company)
            if purse.accepted and not purse.other_currency
        ]
        told = describe([(purse.asset_id, purse.available_minor) for purse in purses])
        for purse, amount in zip(purses, told, strict=True):
            held_minor = accounts_sudo[purse.asset_id].held_minor or 0
            if not amount["amount_minor"] and not held_minor:
                continue
            rows.append(
                amount
                | {
                    "asset_id": purse.asset_id,
                    "refundable": purse.refundable,
                    "held_minor": held_minor,
                }
            )
        return rows

    @api.model
    def _loads(self, card_sudo, company):
        """Assets that this place may load, and how much of each still fits, in its currency."""
        assets_sudo = self.env["tibillet.asset"].sudo()  # cashiers read no assets
        candidates_sudo = assets_sudo.search(
            [
                ("backed", "=", True),
                ("frozen_at", "=", False),
                ("currency_id", "=", company.currency_id.id),
                "|",
                ("company_id", "=", company.id),
                ("acceptance_ids.company_id", "=", company.id),
            ],
            order="refundable desc, spend_sequence, id",
        )
        wallet_sudo = card_sudo.wallet_id
        loads = []
        for asset_sudo in candidates_sudo:
            try:
                self.env["tibillet.acceptance"]._check_load(asset_sudo, company)
            except LedgerError:
                continue
            room_minor = self.env["tibillet.ledger"].sudo()._room_minor(wallet_sudo, asset_sudo)
            worth = asset_sudo.unit_value_minor
            loads.append(
                {
                    "asset_id": asset_sudo.id,
                    "name": asset_sudo.name,
                    "refundable": asset_sudo.refundable,
                    "room_minor": None
                    if room_minor is None
                    else max(0, room_minor) * worth // 10**asset_sudo.scale,
                }
            )
        return loads

    @api.model
    def _gifts(self, company):
        """What this place gives without anybody paying: gifts, minutes, points of its own."""
        assets_sudo = self.env["tibillet.asset"].sudo()  # cashiers read no assets
        own_sudo = assets_sudo.search(
            [
                ("kind", "in", ("gift", "time", "points")),
                ("company_id", "=", company.id),
                ("frozen_at", "=", False),
            ],
            order="spend_sequence, id",
        )
        return [
            {
                "asset_id": asset_sudo.id,
                "name": asset_sudo.name,
                "scale": asset_sudo.scale,
                "unit": asset_sudo.unit_label or asset_sudo.code,
            }
            for asset_sudo in own_sudo
        ]

    @api.model
    def _may(self, card_sudo):
        """Which of the page's acts this user has a right to, for the keys it shows."""
        silent = card_sudo.state in SILENT
        may = self.env["tibillet.ledger"]._may
        acts = {
            code: not silent and may(code, "till") for code in ("topup", "gift", "refund", "give")
        }
        own = card_sudo.company_id.id in self.env.user._get_company_ids()
        merge = not silent and may("merge", "till")
        manager = self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager")
        return acts | {
            "link": merge and not card_sudo.partner_id,
            "lost": merge,
            "replace": merge and own and card_sudo.state in ("blank", "anonymous"),
            "code": merge and own and not card_sudo.partner_id and not card_sudo.claim_hash,
            "recycle": merge and own and card_sudo.state != "blank",
            "moves": not silent and manager,
        }

    @api.model
    def _notice_shown(self, uid, key):
        """The reminder was on the screen: it counts as delivered (idempotent).

        :raises LedgerError: ``card_unknown``, ``invalid``
        """
        card_sudo = self._card(uid)
        key = key.replace("\0", "") if isinstance(key, str) else ""
        shown_sudo = self.env["tibillet.notice"]._shown(card_sudo.wallet_id, "till", key)
        return {"ok": True, "code": "shown", "message": "", "count": len(shown_sudo)}
