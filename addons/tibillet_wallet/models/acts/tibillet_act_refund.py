from odoo import fields, models

from ...exceptions import LedgerError

IDENTITY_ABOVE_UNITS = 50
"""Cash paid back above this needs an identity paper to be seen (CMF default, practice 15)."""

WAYS = [("cash", "Cash"), ("bank_card", "Bank card"), ("transfer", "Bank transfer")]
ON_THE_CARD_AGAIN = ("bank_card", "online")


class TibilletActRefund(models.TransientModel):
    """Pay a holder back in money, by the way the money came, within the day's ceiling.

    Cash goes out up to what came in as cash and was not spent, cash being spent last; a bank
    card is credited up to what came by bank card. A transfer is possible for all of it, but
    never for what a special title loaded, nor for a cheque that may still bounce.
    """

    _name = "tibillet.act.refund"
    _inherit = "tibillet.act"
    _description = "Refund"

    _act = "refund"
    _sign = -1

    asset_id = fields.Many2one(domain="[('refundable', '=', True)]")
    means = fields.Selection(WAYS, string="Paid back by")
    identity = fields.Char(
        string="Identity paper seen",
        help="Kind and number of the paper, and the name on it. Kept with the reason, apart "
        "from the operation; erased with it.",
    )
    ways_text = fields.Char(string="Can be paid back", compute="_compute_figures")
    identity_needed = fields.Boolean(compute="_compute_figures")

    def _figure_fields(self):
        return [*super()._figure_fields(), "means", "identity"]

    def _figures(self):
        return {"ways_text": False, "identity_needed": False, **super()._figures()} | (
            self._ways() if self.asset_id else {}
        )

    def _ways(self):
        """How much may go back by which way, for people; and whether a paper is asked for."""
        try:
            self._authorize()
            wallet_sudo = self._wallet()
            asset_sudo = self.asset_id.sudo()  # its rules and its unit
            self._check_shown(asset_sudo)
        except LedgerError:
            return {}
        most = self._most_by_way(wallet_sudo, asset_sudo)
        text = self.env._(
            "%(all)s in all; of this at most %(cash)s in cash and %(card)s on the bank card",
            all=asset_sudo._format(most["transfer"]),
            cash=asset_sudo._format(most["cash"]),
            card=asset_sudo._format(most["bank_card"]),
        )
        return {
            "ways_text": text,
            "identity_needed": self._identity_needed(wallet_sudo, asset_sudo),
        }

    def _most_by_way(self, wallet_sudo, asset_sudo):
        """Means → most that may be paid back by it now, in minor units."""
        account_sudo = self._account(wallet_sudo, asset_sudo)
        if not account_sudo or not asset_sudo.refundable:
            return {"cash": 0, "bank_card": 0, "transfer": 0}
        lots = account_sudo._lots(wallet_sudo, asset_sudo)
        balance_minor, held_minor = self._balances(wallet_sudo, asset_sudo)
        every_minor = max(0, min(lots.refundable_minor(self._now()), balance_minor - held_minor))
        return {
            "cash": min(every_minor, lots.of_means("cash")),
            "bank_card": min(every_minor, lots.of_means(*ON_THE_CARD_AGAIN)),
            "transfer": every_minor,
        }

    def _now(self):
        self.env.cr.execute("SELECT tibillet_now()")
        return self.env.cr.fetchone()[0]

    # -- identity ----------------------------------------------------------------------

    def _identity_needed(self, wallet_sudo, asset_sudo):
        """Cash of more than 50 a day to one holder: two small refunds are one large one."""
        if self.means != "cash" or not self.amount:
            return False
        limit_minor = IDENTITY_ABOVE_UNITS * 10**asset_sudo.scale
        paid_minor = self._cash_paid_today(wallet_sudo, asset_sudo)
        return self._minor_or_zero() + paid_minor > limit_minor

    def _minor_or_zero(self):
        asset_sudo = self.asset_id.sudo()  # its scale
        return max(0, round(self.amount * 10**asset_sudo.scale))

    def _cash_paid_today(self, wallet_sudo, asset_sudo):
        self.env.cr.execute(
            "SELECT COALESCE(sum(t.amount_minor), 0)::bigint FROM tibillet_operation o"
            " JOIN tibillet_transfer t ON t.operation_id = o.id"
            " WHERE o.wallet_id = %s AND o.code = 'refund' AND o.means = 'cash'"
            " AND o.state = 'posted' AND t.asset_id = %s"
            " AND o.occurred_at > tibillet_now() - interval '24 hours'",
            [wallet_sudo.id, asset_sudo.id],
        )
        return self.env.cr.fetchone()[0]

    # -- rules -------------------------------------------------------------------------

    def _check(self, wallet_sudo):
        self._check_common(wallet_sudo)
        asset_sudo = self.asset_id.sudo()  # its issuer and rules
        if not asset_sudo.refundable:
            raise self._refused(
                "not_allowed",
                self.env._("“%s” is not paid back in money. Nothing was taken.", asset_sudo.name),
            )
        if not self.means:
            raise self._refused("invalid", self.env._("Say how the money is paid back."))
        self._check_way(wallet_sudo, asset_sudo)
        if self._identity_needed(wallet_sudo, asset_sudo) and not (self.identity or "").strip():
            raise self._refused(
                "not_allowed",
                self.env._(
                    "More than %s in cash in a day: look at an identity paper and note it here.",
                    asset_sudo._format(IDENTITY_ABOVE_UNITS * 10**asset_sudo.scale),
                ),
            )

    def _check_contract(self):
        asset_sudo = self.asset_id.sudo()  # its issuer
        Acceptance = self.env["tibillet.acceptance"]
        Acceptance._check_refund(asset_sudo, self.company_id, self._minor())

    def _check_way(self, wallet_sudo, asset_sudo):
        most = self._most_by_way(wallet_sudo, asset_sudo)
        amount_minor = self._minor()
        if amount_minor > most["transfer"]:
            raise self._refusal_of_all(wallet_sudo, asset_sudo, most["transfer"])
        if amount_minor <= most[self.means]:
            return
        if self.means == "cash":
            message = self.env._(
                "At most %(most)s goes back in cash: the rest did not come in cash. Pay it "
                "back by bank transfer.",
                most=asset_sudo._format(most["cash"]),
            )
        else:
            message = self.env._(
                "At most %(most)s goes back on a bank card: the rest did not come from one. "
                "Pay it back by bank transfer.",
                most=asset_sudo._format(most["bank_card"]),
            )
        raise self._refused(
            "limit_exceeded", message, missing_minor=amount_minor - most[self.means]
        )

    def _refusal_of_all(self, wallet_sudo, asset_sudo, most_minor):
        balance_minor, held_minor = self._balances(wallet_sudo, asset_sudo)
        missing_minor = self._minor() - most_minor
        if self._minor() > balance_minor - held_minor:
            return self._refused(
                "insufficient_funds",
                self.env._(
                    "Only %s is free on this wallet. Nothing was taken.",
                    asset_sudo._format(max(0, balance_minor - held_minor)),
                ),
                missing_minor=missing_minor,
            )
        return self._refused(
            "limit_exceeded",
            self.env._(
                "At most %s is paid back in money: the rest was loaded by a special title, or "
                "by a cheque of less than 30 days.",
                asset_sudo._format(most_minor),
            ),
            missing_minor=missing_minor,
        )

    def _request(self, wallet_sudo):
        request = {**super()._request(wallet_sudo), "means": self.means}
        if (self.identity or "").strip():
            request["memo"] = self.env._(
                "%(reason)s (identity seen: %(identity)s)",
                reason=request["memo"],
                identity=self.identity.strip(),
            )
        return request
