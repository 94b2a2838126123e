"""What a cashier's touch does to the stock: sold out, lost, a keg on tap. Never any money."""

from math import isfinite

from odoo import api, models

from odoo.addons.tibillet_wallet.exceptions import LedgerError

MAX_NOTE = 200
MAX_LOST = 10000
MAX_ID = 2**31 - 1


class TibilletStock(models.AbstractModel):
    _name = "tibillet.stock"
    _description = "Stock of a till"

    # -- what a screen shows -------------------------------------------------------------

    @api.model
    def _state(self, session):
        """Everything that the till's stock screen shows, asked when it is opened."""
        location_sudo = session.config_id._tibillet_stock_location()
        return {
            "ok": True,
            "code": "stock",
            "message": "",
            "sold_out": self.env["tibillet.sold.out"]._rows(location_sudo),
            "kegs": self._kegs(session, location_sudo),
            "reasons": self._reasons(),
            "goods": self._goods(session),
        }

    @api.model
    def _reasons(self):
        tags_sudo = self.env["stock.scrap.reason.tag"].sudo()  # cashiers are no stock users
        return [{"id": tag.id, "name": tag.name} for tag in tags_sudo.search([])]

    @api.model
    def _kegs(self, session, location):
        """Every product that is tapped as a keg: what is on tap of it, and what is in stock."""
        products_sudo = self._products(session, [("tibillet_keg_size", ">", 0)])
        on_tap = self.env["tibillet.keg"]._on_tap(location)
        of_product = on_tap.grouped("product_id")
        rows = []
        for product_sudo in products_sudo.with_context(location=location.id):
            keg = of_product.get(product_sudo)
            rows.append(
                {
                    "product_id": product_sudo.id,
                    "name": product_sudo.display_name,
                    "unit": product_sudo.uom_id.name,
                    "size": product_sudo.tibillet_keg_size,
                    "in_stock": product_sudo.uom_id.round(product_sudo.qty_available),
                    "on_tap": keg._row() if keg else False,
                }
            )
        return rows

    @api.model
    def _goods(self, session):
        """What can be lost here: goods that the till sells, and its kegs."""
        products_sudo = self._products(
            session, ["|", ("available_in_pos", "=", True), ("tibillet_keg_size", ">", 0)]
        )
        rows = []
        for product_sudo in products_sudo:
            rows.append(
                {
                    "id": product_sudo.id,
                    "name": product_sudo.display_name,
                    "unit": product_sudo.uom_id.name,
                    "keg": product_sudo.tibillet_keg_size > 0,
                }
            )
        return rows

    @api.model
    def _products(self, session, domain):
        products_sudo = self.env["product.product"].sudo()  # not every cashier reads all
        return products_sudo.with_company(session.company_id).search(
            [
                ("type", "=", "consu"),
                ("company_id", "in", (False, session.company_id.id)),
                *domain,
            ],
            order="name, id",
        )

    # -- who -----------------------------------------------------------------------------

    @api.model
    def _check_may(self, session):
        """A touch is every cashier's, or a manager's where the till is set so."""
        by_manager = session.config_id.sudo().tibillet_stock_by == "manager"
        if by_manager and not self.env["tibillet.undo"]._is_manager():
            raise LedgerError(
                "not_allowed",
                self.env._("At this till a manager says so. Nothing was changed: call one."),
            )

    @api.model
    def _person(self, session, employee_id=None):
        """Who touched it: the employee signed in on the till, else the user."""
        if employee_id is not None and employee_id is not False:
            if not self._is_id(employee_id):
                raise LedgerError("invalid", self.env._("The till named nobody known."))
            employees_sudo = self.env["hr.employee"].sudo()  # a cashier reads no employee
            allowed = session.config_id.sudo()._employee_domain(self.env.uid)
            employee_sudo = employees_sudo.search([("id", "=", employee_id), *allowed], limit=1)
            return session._tibillet_person(employee_sudo)
        return session._tibillet_person()

    @api.model
    def _is_id(self, value):
        """Whether a browser sent what a record's number can be."""
        return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID

    @api.model
    def _product(self, session, product_id):
        if not self._is_id(product_id):
            raise LedgerError("invalid", self.env._("The till named no product."))
        product_sudo = self._products(session, [("id", "=", product_id)])
        if not product_sudo:
            raise LedgerError(
                "invalid", self.env._("This is no product with a stock here. Nothing was changed.")
            )
        return product_sudo

    # -- sold out ------------------------------------------------------------------------

    @api.model
    def _say(self, session, template_id, out, employee_id=None):
        """Take a product out of sale on every till of this stock, or put it back."""
        self._check_may(session)
        templates_sudo = self.env["product.template"].sudo()  # not every cashier reads all
        template_sudo = templates_sudo.search(
            [
                ("id", "=", template_id if self._is_id(template_id) else 0),
                ("company_id", "in", (False, session.company_id.id)),
            ]
        )
        if not template_sudo:
            raise LedgerError("invalid", self.env._("The till named no product."))
        location_sudo = session.config_id._tibillet_stock_location()
        person = self._person(session, employee_id)
        sold_out_sudo = self.env["tibillet.sold.out"].sudo()  # written by the server alone
        if out is True:
            sold_out_sudo._declare(
                template_sudo, location_sudo, person=person, config=session.config_id
            )
            message = self.env._("“%s” is sold out on every till.", template_sudo.name)
        else:
            sold_out_sudo._lift(template_sudo, location_sudo, person=person)
            message = self.env._("“%s” is in sale again.", template_sudo.name)
        return {
            "ok": True,
            "code": "sold_out" if out is True else "in_sale",
            "message": message,
            "sold_out": sold_out_sudo._rows(location_sudo),
        }

    # -- losses --------------------------------------------------------------------------

    @api.model
    def _lose(self, session, key, product_id, quantity, reason_id, note=None, employee_id=None):
        """Write a loss down: a move out of the stock with its reason, once per key."""
        self._check_may(session)
        known_sudo = self._scrap_of(session, key)
        if known_sudo:
            return self._describe_loss(known_sudo)
        product_sudo = self._product(session, product_id)
        number = isinstance(quantity, (int, float)) and not isinstance(quantity, bool)
        if not number or not isfinite(quantity) or not 0 < quantity <= MAX_LOST:
            raise LedgerError(
                "invalid", self.env._("Write how much was lost, for instance 1 or 0,5.")
            )
        tags_sudo = self.env["stock.scrap.reason.tag"].sudo()  # cashiers are no stock users
        reason_sudo = tags_sudo.browse(reason_id if self._is_id(reason_id) else 0).exists()
        if not reason_sudo:
            raise LedgerError("invalid", self.env._("Touch why it was lost."))
        note = " ".join(note.replace("\0", " ").split())[:MAX_NOTE] if isinstance(note, str) else ""
        scrap_sudo = self._scrap(
            session,
            product_sudo,
            quantity,
            reason=reason_sudo,
            person=self._person(session, employee_id),
            key=key,
            note=note,
        )
        return self._describe_loss(scrap_sudo)

    @api.model
    def _scrap_of(self, session, key):
        return (
            self.env["stock.scrap"]
            .sudo()  # cashiers are no stock users
            .search([("company_id", "=", session.company_id.id), ("tibillet_key", "=", key)])
        )

    @api.model
    def _scrap(self, session, product, quantity, *, reason, person, key, note=""):
        """Odoo's scrap order of a product, done; of a glass, its share of the keg is lost.

        Never refused for want of stock: what is broken is broken, the count says the rest.
        """
        part = product.product_tmpl_id._tibillet_keg_part()
        moved, amount = (part.keg, quantity * part.quantity) if part else (product, quantity)
        if moved.uom_id.is_zero(amount):
            raise LedgerError(
                "invalid", self.env._("Write how much was lost, for instance 1 or 0,5.")
            )
        scraps_sudo = self.env["stock.scrap"].sudo()  # cashiers are no stock users
        values = {
            "product_id": moved.id,
            "product_uom_id": moved.uom_id.id,
            "scrap_qty": amount,
            "company_id": session.company_id.id,
            "location_id": session.config_id._tibillet_stock_location().id,
            "scrap_reason_tag_ids": [(6, 0, reason.ids)],
            "origin": session.name,
            "tibillet_config_id": session.config_id.id,
            "tibillet_session_id": session.id,
            "tibillet_person": person,
            "tibillet_note": note or False,
            "tibillet_key": key,
            "tibillet_product_id": product.id,
            "tibillet_product_qty": quantity,
        }
        scrap_sudo = scraps_sudo.with_company(session.company_id).create(values)
        if product.product_tmpl_id._tibillet_is_kit():
            scrap_sudo._onchange_product_id()  # manufacturing finds the parts that are lost
        scrap_sudo.do_scrap()
        return scrap_sudo

    @api.model
    def _describe_loss(self, scrap):
        product = scrap.tibillet_product_id
        return {
            "ok": True,
            "code": "lost",
            "message": self.env._(
                "%(quantity)g %(unit)s of “%(product)s”: %(reason)s. It is out of the stock.",
                quantity=scrap.tibillet_product_qty,
                unit=product.uom_id.name,
                product=product.display_name,
                reason=scrap.scrap_reason_tag_ids[:1].name,
            ),
            "scrap_id": scrap.id,
        }

    # -- kegs ----------------------------------------------------------------------------

    @api.model
    def _tap_keg(self, session, key, product_id, lose=True, again=True, employee_id=None):
        """Take the keg that is on tap off, and put a full one on, once per key.

        :param lose: the old keg is empty: what should be left in it was foam and dregs
        :param again: whether a full one follows
        """
        self._check_may(session)
        product_sudo = self._product(session, product_id)
        if product_sudo.tibillet_keg_size <= 0:
            raise LedgerError(
                "invalid",
                self.env._(
                    "“%s” is not tapped as a keg: a manager writes on the product how much a full "
                    "one holds.",
                    product_sudo.display_name,
                ),
            )
        location_sudo = session.config_id._tibillet_stock_location()
        kegs_sudo = self.env["tibillet.keg"].sudo()  # written by the server alone
        domain = [("company_id", "=", session.company_id.id), ("key", "=", key)]
        if not kegs_sudo.search_count(domain):
            person = self._person(session, employee_id)
            old_sudo = kegs_sudo._on_tap(location_sudo, product_sudo)
            if old_sudo:
                old_sudo._empty(session, person=person, lose=lose is not False)
            if again is not False:
                kegs_sudo._open(session, product_sudo, key=key, person=person)
        return self._state(session)
