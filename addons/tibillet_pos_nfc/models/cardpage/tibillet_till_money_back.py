"""Money that leaves a card at the desk: refund, transfer, donation; and what is given."""

from uuid import NAMESPACE_URL, uuid5

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.tibillet_wallet.exceptions import LedgerError
from odoo.addons.tibillet_wallet.models.acts.tibillet_act_refund import IDENTITY_ABOVE_UNITS

from .tibillet_till_act import Asked


class TibilletTillActs(models.AbstractModel):
    _inherit = "tibillet.till.acts"

    @api.model
    def _acts(self):
        return super()._acts() | {
            "gift": self._gift,
            "refund": self._refund,
            "give": self._give,
        }

    # -- what can be paid back, told before ------------------------------------------------

    @api.model
    def _ways(self, session, device, uid):
        """What may be paid back of the card, by which way, and whether the drawer can.

        Amounts are in minor units of the till's currency. What the drawer should hold is never
        said: who asks counts it blind.
        """
        device._take_token("lookup")
        card_sudo = self.env["tibillet.card.page"]._card(uid)
        card_sudo._check_usable()
        self.env["tibillet.ledger"]._authorize("refund", "till", company=session.company_id)
        rows = [
            self._ways_of(session, device, card_sudo, row)
            for row in self.env["tibillet.card.page"]._balances(card_sudo, session.company_id)
            if row["refundable"] and row["value_minor"] > 0
        ]
        for row in rows:
            row["drawer"] = self._drawer_for(session, row["cash"])
        return {
            "ok": True,
            "code": "ways",
            "message": "",
            "assets": rows,
            "by_bank": bool(self._method(session, "bank_card")),
        }

    def _ways_of(self, session, device, card_sudo, row):
        asset_sudo = self.env["tibillet.asset"].sudo().browse(row["asset_id"])
        form = self.env["tibillet.till.refund"]
        asked = self._asked(session, device, card_sudo)
        act_sudo = form._of(asked, asset_sudo, 0, self.env._("At the till"), means="cash")
        wallet_sudo = act_sudo._wallet()
        most = act_sudo._most_by_way(wallet_sudo, asset_sudo)
        refusal = ""
        with self.env.cr.savepoint(flush=False) as savepoint:
            try:
                acceptances = self.env["tibillet.acceptance"]
                acceptances._check_refund(asset_sudo, session.company_id, 1)
            except LedgerError as error:
                refusal = str(error)
            finally:
                savepoint.rollback()
        paid_minor = act_sudo._cash_paid_today(wallet_sudo, asset_sudo)
        limit_minor = IDENTITY_ABOVE_UNITS * 10**asset_sudo.scale
        return {
            "asset_id": asset_sudo.id,
            "name": asset_sudo.name,
            "refusal": refusal,
            "identity_above_minor": self._worth(asset_sudo, max(0, limit_minor - paid_minor)),
            "give_minor": row["value_minor"],
            **{way: self._worth(asset_sudo, amount) for way, amount in most.items()},
            **({"transfer": 0} if asset_sudo.vat_nature == "single" else {}),
        }

    def _asked(self, session, device, card_sudo, key="ways"):
        return Asked(session, device, key, card_sudo, {})

    def _worth(self, asset, amount_minor):
        return amount_minor * asset.unit_value_minor // 10**asset.scale

    def _to_minor(self, session, amount):
        return self.env["tibillet.till"]._to_minor(amount, session.currency_id)

    @api.model
    def _drawer_minor(self, session):
        """What the drawer should hold now: float, sales, drops; read afresh."""
        session_sudo = session.sudo()  # cashiers do not read every statement line
        session_sudo.invalidate_recordset(["cash_register_balance_end"])
        return self._to_minor(session, session_sudo.cash_register_balance_end)

    @api.model
    def _drawer_for(self, session, price_minor):
        """Whether the drawer can pay a sum out: ``enough``, ``low`` afterwards, or ``short``."""
        left_minor = self._drawer_minor(session) - price_minor
        if left_minor < 0:
            return "short"
        alert_minor = self._to_minor(session, session.config_id.tibillet_drawer_alert)
        return "low" if left_minor < alert_minor else "enough"

    def _method(self, session, means):
        """The till's own method for money that goes back this way, or none."""
        methods = session.config_id.payment_method_ids
        return methods.filtered(
            lambda method: method._tibillet_means() == means and not method.use_payment_terminal
        )[:1]

    # -- refund ------------------------------------------------------------------------------

    @api.model
    def _refund(self, asked):
        """Debit the card and record the money that leaves, both or neither.

        In cash or by bank card it is an order of its own; by transfer a line in the
        accountant's list.
        """
        asset_sudo = self._asset(asked)
        price_minor = asked.minor("price_minor")
        amount_minor = self.env["tibillet.topup"]._units_of(asset_sudo, price_minor)
        means = asked.text("means")
        form = self.env["tibillet.till.refund"]
        act_sudo = form._of(
            asked,
            asset_sudo,
            amount_minor,
            self.env._("At the till"),
            means=means if means in ("cash", "bank_card", "transfer") else False,
            identity=asked.text("identity"),
        )
        act_sudo._authorize()
        done = act_sudo._done_before()
        account = None
        if means == "transfer":
            self._check_no_tax_by_transfer(asset_sudo)
            account = self.env["tibillet.payback"]._check_account(
                asked.text("holder_name"), asked.text("iban", 42)
            )
        elif not done:
            self._check_method(asked, means, price_minor)
        operation_sudo, message = act_sudo._perform()
        if not done:
            self._record_money_back(asked, operation_sudo, price_minor, means, account)
        return {
            "message": message,
            "price_minor": price_minor,
            "means": means,
            "receipt": self._receipt(
                asked, operation_sudo, self.env._("Paid back"), self._way_name(means)
            ),
        }

    def _check_no_tax_by_transfer(self, asset_sudo):
        if asset_sudo.vat_nature == "single":
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "“%s” carries its tax when it is sold: it is paid back here, in cash or on the "
                    "bank card, with a receipt that gives the tax back. Nothing was taken.",
                    asset_sudo.name,
                ),
            )

    def _check_method(self, asked, means, price_minor):
        if means not in ("cash", "bank_card"):
            return  # the act itself says what is missing
        if not self._method(asked.session, means):
            raise LedgerError(
                "not_allowed",
                self.env._("This till pays nothing back this way. Pay it back by transfer."),
            )
        if means == "cash" and self._drawer_for(asked.session, price_minor) == "short":
            raise LedgerError(
                "limit_exceeded",
                self.env._(
                    "There is not enough in the drawer for this. Pay it back by transfer, or have "
                    "the drawer filled."
                ),
            )

    def _way_name(self, means):
        return {
            "cash": self.env._("In cash"),
            "bank_card": self.env._("On the bank card, in one or two days"),
            "transfer": self.env._("By bank transfer, within days"),
        }.get(means, "")

    def _record_money_back(self, asked, operation_sudo, price_minor, means, account):
        if means == "transfer":
            name, iban = account
            paybacks_sudo = self.env["tibillet.payback"].sudo()  # for the accountant
            paybacks_sudo.create(
                {
                    "company_id": asked.company.id,
                    "operation_id": operation_sudo.id,
                    "holder_name": name,
                    "iban": iban,
                    "amount": price_minor / 10**asked.session.currency_id.decimal_places,
                    "asked_by_id": self.env.uid,
                }
            )
            return
        asset_sudo = operation_sudo.transfer_ids.asset_id
        values = self._prepare_order(
            asked, price_minor, self._method(asked.session, means), asset_sudo
        )
        self.env["pos.order"].sync_from_ui([values])

    def _prepare_order(self, asked, price_minor, method, asset_sudo):
        """What a till would send for a line of money taken back, paid out by ``method``: with the
        tax that its sale declared."""
        session = asked.session
        product_sudo = asked.company._tibillet_topup_product_of(asset_sudo)
        amount = -price_minor / 10**session.currency_id.decimal_places
        tax_sudo = product_sudo.tibillet_topup_tax_id
        net = tax_sudo.compute_all(amount, session.currency_id)["total_excluded"]
        amount_tax = self._rounded_tax(session, tax_sudo, amount)
        uuid = str(uuid5(NAMESPACE_URL, f"tibillet:{asked.device.id}:{asked.key}"))
        employee_id = asked.id("employee_id")
        return {
            "uuid": uuid,
            "session_id": session.id,
            "company_id": asked.company.id,
            "user_id": self.env.uid,
            "employee_id": employee_id
            if employee_id in session.config_id._tibillet_employee_ids()
            else False,
            "pricelist_id": session.config_id.pricelist_id.id,
            "fiscal_position_id": False,
            "partner_id": False,
            "state": "paid",
            "to_invoice": False,
            "is_refund": True,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": amount,
            "amount_tax": amount_tax,
            "amount_paid": amount,
            "amount_return": 0,
            "last_order_preparation_change": "{}",
            "tibillet_device_id": asked.device.id,
            "lines": [
                Command.create(
                    {
                        "uuid": f"{uuid}-line",
                        "product_id": product_sudo.id,
                        "full_product_name": self.env._("Refund of a card"),
                        "customer_note": f"···{(asked.card.number or '')[-4:]}",
                        "qty": 1,
                        "price_unit": amount,
                        "price_type": "manual",
                        "discount": 0,
                        "tax_ids": [Command.set(tax_sudo.ids)],
                        "price_subtotal": net,
                        "price_subtotal_incl": amount,
                        "tibillet_operation_key": asked.key,
                        "tibillet_device_id": asked.device.id,
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": f"{uuid}-paid",
                        "payment_method_id": method.id,
                        "amount": amount,
                    }
                )
            ],
        }

    def _rounded_tax(self, session, tax_sudo, amount):
        """The tax of an order of this one line as tills and closings reckon it: they round the tax
        of an order, not the line without it, which half a cent tells apart."""
        base_line = tax_sudo._prepare_base_line_for_taxes_computation(
            {}, tax_ids=tax_sudo, price_unit=amount, quantity=1, currency_id=session.currency_id
        )
        tax_sudo._add_tax_details_in_base_lines([base_line], session.company_id)
        tax_sudo._round_base_lines_tax_details([base_line], session.company_id)
        found = tax_sudo._get_tax_totals_summary(
            [base_line], session.currency_id, session.company_id
        )
        return found["tax_amount_currency"]

    # -- donation and gift -------------------------------------------------------------------

    @api.model
    def _give(self, asked):
        """The holder leaves it to the place: at their word, with a receipt."""
        asset_sudo = self._asset(asked)
        amount_minor = self.env["tibillet.topup"]._units_of(asset_sudo, asked.minor("price_minor"))
        act_sudo = self.env["tibillet.till.choice"]._of(
            asked,
            asset_sudo,
            amount_minor,
            self.env._("At the holder's word, at the till"),
            choice="give",
        )
        operation_sudo, message = act_sudo._perform()
        receipt = self._receipt(asked, operation_sudo, self.env._("Donation"))
        receipt["note"] = message
        return {"message": message, "receipt": receipt}

    @api.model
    def _gift(self, asked):
        """Units that nobody pays for: a till manager's, with a reason."""
        asset_sudo = self._asset(asked)
        act_sudo = self.env["tibillet.till.gift"]._of(
            asked, asset_sudo, asked.minor("amount_minor"), asked.text("reason")
        )
        operation_sudo, message = act_sudo._perform()
        return {
            "message": message,
            "receipt": self._receipt(asked, operation_sudo, self.env._("Gift")),
        }

    # -- receipts ------------------------------------------------------------------------------

    @api.model
    def _receipt(self, asked, operation_sudo, title, way=""):
        """What the till prints: no name, the card's last signs, the key that proves it."""
        card_sudo = asked.card
        return {
            "title": title,
            "place": asked.company.name,
            "till": asked.session.config_id.name,
            "at": fields.Datetime.to_string(operation_sudo.posted_at),
            "tail": (card_sudo.number or "")[-4:],
            "amount": operation_sudo.amount_text,
            "way": way,
            "left": self._left(asked),
            "key": asked.key,
            "note": "",
        }

    @api.model
    def _left(self, asked):
        """What the card holds now of what is taken here, as people read it."""
        assets_sudo = self.env["tibillet.asset"].sudo()  # units
        return [
            {
                "name": row["name"],
                "amount": assets_sudo.browse(row["asset_id"])._format(row["amount_minor"]),
            }
            for row in self.env["tibillet.card.page"]._balances(asked.card, asked.company)
        ]
