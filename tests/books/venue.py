"""A French bar with a till whose card payments close on the wallet clearing account."""

import itertools

from odoo.fields import Command


class Venue:
    """Made inside a test's environment; nothing here is undone, the database is dropped."""

    def __init__(self, env, name="Le Quai"):
        euro = env.ref("base.EUR")
        euro.active = True
        company = env["res.company"].create({"name": name, "currency_id": euro.id})
        groups = ("point_of_sale.group_pos_manager", "account.group_account_manager")
        env.user.write(
            {
                "company_ids": [Command.link(company.id)],
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
        )
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
        self.env = env(context={"allowed_company_ids": [company.id], "tracking_disable": True})
        self.company = company.with_env(self.env)
        self.clearing = self.company.tibillet_clearing_account_id
        self.topup = self.company.tibillet_topup_product_id
        self._keys = itertools.count(1)
        self._set_wallet_up()
        self._set_till_up()

    def _set_wallet_up(self):
        env = self.env
        self.asset = env["tibillet.asset"].create(
            {"name": "Jeton", "code": "jeton-quai", "kind": "local", "company_id": self.company.id}
        )
        card = env["tibillet.card"].create(
            {"uid": "04FFB2C3D4E5F6", "company_id": self.company.id, "state": "anonymous"}
        )
        account = env["tibillet.account"]._get
        self.holder = account(card.wallet_id, self.asset)
        self.issuer = account(self.asset.issuer_wallet_id, self.asset)
        self.place = account(env["tibillet.wallet"]._of_place(self.company), self.asset)

    def _set_till_up(self):
        env, company = self.env, self.company
        tax = company.account_sale_tax_id
        tax.price_include_override = "tax_included"
        self.beer = env["product.product"].create(
            {
                "name": "Bière",
                "list_price": 6,
                "available_in_pos": True,
                "company_id": company.id,
                "taxes_id": [Command.set(tax.ids)],
            }
        )
        journal = env["account.journal"].create(
            {"name": "Caisse", "type": "cash", "code": "CQQ", "company_id": company.id}
        )
        self.cash, self.card = env["pos.payment.method"].create(
            [
                {"name": "Espèces", "journal_id": journal.id, "company_id": company.id},
                {
                    "name": "Carte",
                    "company_id": company.id,
                    "receivable_account_id": self.clearing.id,
                },
            ]
        )
        assert self.card.type == "pay_later"
        self.config = env["pos.config"].create(
            {
                "name": "Bar",
                "company_id": company.id,
                "payment_method_ids": [Command.set((self.cash | self.card).ids)],
            }
        )

    def move(self, code, debit, credit, amount_minor, **values):
        """Post one operation of the ledger at this venue."""
        return self.env["tibillet.ledger"]._post(
            [
                {
                    "key": f"venue-{next(self._keys)}",
                    "origin": "test",
                    "code": code,
                    "transfers": [(debit.id, credit.id, amount_minor)],
                    "company_id": self.company.id,
                    **values,
                }
            ]
        )

    def open_session(self, cash=0):
        """Open the till with this much in the drawer."""
        self.config.open_ui()
        session = self.config.current_session_id
        session.set_opening_control(cash, None)
        return session

    def top_up(self, session, price, method):
        """A paid order that loads the holder's card, as the card page asks for it."""
        from odoo.addons.tibillet_pos_nfc.models.cardpage.tibillet_till_act import Asked

        device = self.env["tibillet.device"].create({"name": "Bar", "config_id": self.config.id})
        key, card = f"venue-{next(self._keys)}", self.holder.wallet_id.card_ids
        asked = Asked(session, device, key, card, {})
        self.env["tibillet.topup"]._promise(asked, self.asset, price * 100)
        values = {"tibillet_operation_key": key, "tibillet_device_id": device.id}
        return self.order(session, self.topup, 1, method, price=price, **values)

    def order(self, session, product, quantity, method, price=None, **values):
        """A paid order of one product, paid whole by one method."""
        price = price or product.list_price
        taxes = product.taxes_id.compute_all(price, self.company.currency_id, quantity)
        order = self.env["pos.order"].create(
            {
                "session_id": session.id,
                "company_id": self.company.id,
                "amount_total": taxes["total_included"],
                "amount_tax": taxes["total_included"] - taxes["total_excluded"],
                "amount_paid": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(product.taxes_id.ids)],
                            "price_subtotal": taxes["total_excluded"],
                            "price_subtotal_incl": taxes["total_included"],
                            **values,
                        }
                    )
                ],
            }
        )
        order.add_payment(
            {
                "pos_order_id": order.id,
                "payment_method_id": method.id,
                "amount": taxes["total_included"],
            }
        )
        order.action_pos_order_paid()
        return order

    def close(self, session, cash):
        """Count the drawer and close, as the closing popup does."""
        session.post_closing_cash_details(cash)
        answer = session.close_session_from_ui()
        assert answer["successful"] and session.state == "closed", answer
        return session.move_id

    def write_books(self):
        """Write the ledger's entries up to now."""
        return self.env["tibillet.books"]._write_pending(self.company, include_today=True)

    def balance(self, account):
        """Posted balance of an account, debit positive."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)
