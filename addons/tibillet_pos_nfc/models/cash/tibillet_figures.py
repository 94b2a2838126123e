"""The figures of sessions, the same for the Z, its preview and the live page.

Every amount is an integer in minor units of the tills' currency. The number of queries does
not depend on how much was sold.
"""

from odoo import api, models
from odoo.tools import SQL


class TibilletFigures(models.AbstractModel):
    _name = "tibillet.figures"
    _description = "Figures of till sessions"

    @api.model
    def _scope(self, sessions, window=None):
        """What every query is narrowed to.

        :param window: ``(from, until)`` in UTC, the end left out: only what was sold then, by
            the clock of the sale, and posted then
        """
        currency = sessions.currency_id[:1] or self.env.company.currency_id
        every = SQL("TRUE")
        within = dict.fromkeys(("sold", "posted", "opened"), every)
        if window:
            within = {
                "sold": SQL("o.date_order >= %s AND o.date_order < %s", *window),
                "posted": SQL("o.posted_at >= %s AND o.posted_at < %s", *window),
                "opened": SQL("opened_at >= %s AND opened_at < %s", *window),
            }
        return within | {
            "ids": sessions.ids or [0],
            "factor": 10**currency.decimal_places,
        }

    @api.model
    def _compute_figures(self, sessions, window=None, live=False):
        """All sections, for one session or several of one currency.

        Turnover is what was sold; money moved (top-ups, what is given back of them, deposits)
        is none of it, and a gift spent where it was given lowers it. Together they are what was
        paid, to the cent: see ``checks``.

        :param window: see :meth:`_scope`; a Z has none, it is its whole session
        :param live: asked for again and again while tills sell: VAT may be cents off what the
            closing books
        """
        self.env.flush_all()
        scope = self._scope(sessions, window)
        lines = self._lines(scope)
        orders = self._orders(scope)
        natures = self._moved_products(sessions.company_id)
        sold = [line for line in lines if line["product_id"] not in natures]
        moved = self._moved(lines, natures)
        if window or live:
            vat = self._vat(scope, list(natures))
        else:
            vat = self._vat_as_booked(sessions, natures)
        gross = sum(line["gross"] for line in sold)
        given = sum(line["given"] for line in lines)
        taxed = sum(line["taxed"] for line in lines)
        rounding = orders["amount"] - gross - given - taxed - sum(row["amount"] for row in moved)
        turnover = {
            "gross": gross,
            "net": sum(row["net"] for row in vat),
            "vat": sum(row["vat"] for row in vat),
            "given": given,
            "orders": orders["count"],
        }
        if taxed:
            turnover["taxed"] = taxed
        methods = self._methods(scope)
        return {
            "turnover": turnover,
            "vat": vat,
            "moved": moved,
            "rounding": rounding,
            "methods": methods,
            "assets": self._assets(scope),
            "operations": self._operations(scope),
            "events": self._events(scope, orders, sold),
            "receipts": orders["receipts"],
            "products": self._products(sold),
            "tills": self._tills(scope, list(natures)),
            "devices": self._devices(scope),
            "missing": self._missing(scope),
            "habits": self._habits(scope, natures, turnover),
            "checks": {
                "orders": orders["amount"],
                "payments": sum(row["amount"] for row in methods),
            },
        }

    @api.model
    def _moved_products(self, companies):
        """Product id → nature of those whose sale is money moved and no turnover.

        An addon that brings another such product (a deposit, a gift of money) adds it here.
        """
        companies_sudo = companies.sudo()  # a cashier may not read their products
        products_sudo = self.env["product.product"].sudo().with_context(active_test=False)
        cups_sudo = products_sudo.search([("tibillet_deposit", "=", True)])
        return dict.fromkeys(cups_sudo.ids, "deposit") | dict.fromkeys(
            companies_sudo.tibillet_topup_product_id.ids, "topup"
        )

    @api.model
    def _rows(self, names, query):
        return [dict(zip(names, row, strict=True)) for row in self.env.execute_query(query)]

    @api.model
    def _orders(self, scope):
        [row] = self._rows(
            (
                "count",
                "amount",
                "back",
                "back_amount",
                "undone",
                "undone_amount",
                "voids",
                "again",
                "late",
                "first",
                "last",
                "open",
            ),
            SQL(
                """
                SELECT count(*) FILTER (WHERE paid),
                       COALESCE(round(sum(amount_total) FILTER (WHERE paid)
                                      * %(factor)s), 0)::bigint,
                       count(*) FILTER (WHERE paid AND amount_total < 0 AND NOT undoes),
                       COALESCE(round(sum(amount_total)
                                      FILTER (WHERE paid AND amount_total < 0 AND NOT undoes)
                                      * %(factor)s), 0)::bigint,
                       count(*) FILTER (WHERE paid AND undoes),
                       COALESCE(round(sum(amount_total) FILTER (WHERE paid AND undoes)
                                      * %(factor)s), 0)::bigint,
                       count(*) FILTER (WHERE state = 'cancel'),
                       COALESCE(sum(GREATEST(nb_print - 1, 0)) FILTER (WHERE paid), 0)::bigint,
                       count(*) FILTER (WHERE paid AND date_order < start_at - interval '1 minute'),
                       (array_agg(pos_reference ORDER BY id) FILTER (WHERE paid))[1],
                       (array_agg(pos_reference ORDER BY id DESC) FILTER (WHERE paid))[1],
                       count(*) FILTER (WHERE state = 'draft')
                  FROM (SELECT o.id, o.state, o.amount_total, o.nb_print, o.date_order,
                               o.pos_reference, s.start_at,
                               o.state IN ('paid', 'done', 'invoiced') AS paid,
                               o.tibillet_undo_of_id IS NOT NULL AS undoes
                          FROM pos_order o JOIN pos_session s ON s.id = o.session_id
                         WHERE o.session_id = ANY(%(ids)s) AND %(sold)s) AS mine
                """,
                **scope,
            ),
        )
        row["receipts"] = {
            "first": row.pop("first") or "",
            "last": row.pop("last") or "",
            "count": row["count"],
        }
        return row

    @api.model
    def _lines(self, scope):
        """Goods by product, price and discount; ``cut`` is what the discount took off, ``given``
        what gifts of the place did and ``taxed`` what was turnover when cards were loaded: net
        and gross are without both."""
        return self._rows(
            (
                *("product_id", "price", "discount", "qty", "returned", "net", "gross"),
                *("given", "taxed", "cut"),
            ),
            SQL(
                """
                SELECT l.product_id, round(l.price_unit * %(factor)s)::bigint,
                       round(COALESCE(l.discount, 0), 2)::float8,
                       sum(l.qty)::float8,
                       (-COALESCE(sum(l.qty) FILTER (WHERE l.qty < 0), 0))::float8,
                       round(sum(l.price_subtotal - COALESCE(l.tibillet_gift_net, 0))
                             * %(factor)s)::bigint,
                       round(sum(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0))
                             * %(factor)s)::bigint,
                       round(COALESCE(sum(l.tibillet_gift - COALESCE(l.tibillet_taxed, 0)), 0)
                             * %(factor)s)::bigint,
                       round(COALESCE(sum(l.tibillet_taxed), 0) * %(factor)s)::bigint,
                       round(sum(l.price_unit * l.qty * COALESCE(l.discount, 0) / 100)
                             * %(factor)s)::bigint
                  FROM pos_order_line l
                  JOIN pos_order o ON o.id = l.order_id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
              GROUP BY 1, 2, 3, l.qty < 0
              ORDER BY 1, 2, 3, l.qty < 0
                """,
                **scope,
            ),
        )

    @api.model
    def _moved(self, lines, natures):
        """Money that only changed its place: loaded, and given back, apart."""
        rows = {}
        for line in lines:
            nature = natures.get(line["product_id"])
            if nature:
                # a card's refund is one line at a price below zero, a cup back a number below zero
                side = "out" if line["gross"] < 0 else "in"
                row = rows.setdefault(
                    (nature, side), {"nature": nature, "side": side, "qty": 0, "amount": 0}
                )
                row["qty"] += abs(line["qty"])
                row["amount"] += line["gross"]
        return [rows[key] for key in sorted(rows)]

    @api.model
    def _products(self, sold):
        products_sudo = self.env["product.product"].sudo()  # not every cashier reads all
        products_sudo = products_sudo.browse({line["product_id"] for line in sold})
        names = {product.id: product.display_name for product in products_sudo}
        rows = {}
        for line in sold:  # what was sold and what was taken back at one price are one row
            key = (line["product_id"], line["price"], line["discount"])
            if key not in rows:
                rows[key] = line | {"name": names[line["product_id"]]}
                continue
            for name in ("qty", "returned", "net", "gross", "given", "taxed", "cut"):
                rows[key][name] += line[name]
        return sorted(rows.values(), key=lambda row: (-row["gross"], row["name"], row["price"]))

    @api.model
    def _vat(self, scope, left_out):
        """Net, VAT and gross by the taxes that were really applied, each line rounded by itself:
        for a moment of an evening. A Z says :meth:`_vat_as_booked`."""
        groups = {}
        for tax_ids, position_id, net, gross in self.env.execute_query(
            SQL(
                """
                SELECT taxes, fiscal_position_id, round(sum(price_subtotal) * %(factor)s)::bigint,
                       round(sum(price_subtotal_incl) * %(factor)s)::bigint
                  FROM (SELECT l.price_subtotal - COALESCE(l.tibillet_gift_net, 0)
                                   AS price_subtotal,
                               l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0)
                                   AS price_subtotal_incl,
                               o.fiscal_position_id,
                               ARRAY(SELECT r.account_tax_id
                                       FROM account_tax_pos_order_line_rel r
                                      WHERE r.pos_order_line_id = l.id ORDER BY 1) AS taxes
                          FROM pos_order_line l
                          JOIN pos_order o ON o.id = l.order_id
                         WHERE o.session_id = ANY(%(ids)s)
                           AND o.state IN ('paid', 'done', 'invoiced') AND %(sold)s
                           AND NOT l.product_id = ANY(%(left_out)s)) AS lines
              GROUP BY 1, 2
                """,
                left_out=left_out,
                **scope,
            )
        ):
            taxes_sudo = self.env["account.tax"].sudo().browse(tax_ids)  # cashiers read few
            if position_id:
                position_sudo = self.env["account.fiscal.position"].sudo().browse(position_id)
                taxes_sudo = position_sudo.map_tax(taxes_sudo)
            row = self._vat_row(groups, taxes_sudo)
            row["net"] += net
            row["gross"] += gross
            row["vat"] += gross - net
        return self._vat_sorted(groups)

    @api.model
    def _methods(self, scope):
        rows = self._rows(
            ("id", "count", "amount"),
            SQL(
                """
                SELECT p.payment_method_id,
                       count(*) FILTER (WHERE NOT COALESCE(p.is_change, false)),
                       round(sum(p.amount) * %(factor)s)::bigint
                  FROM pos_payment p JOIN pos_order o ON o.id = p.pos_order_id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
              GROUP BY 1 ORDER BY 3 DESC, 1
                """,
                **scope,
            ),
        )
        methods_sudo = self.env["pos.payment.method"].sudo()  # of every till, for the total
        for row in rows:
            method_sudo = methods_sudo.browse(row.pop("id"))
            row["name"] = method_sudo.name
            row["kind"] = "card" if method_sudo._tibillet_is_wallet else method_sudo.type
        return rows

    @api.model
    def _assets(self, scope):
        """What cards paid with, in each asset's own unit and in money."""
        return self._rows(
            ("asset", "name", "unit", "scale", "kind", "amount", "value"),
            SQL(
                """
                SELECT part ->> 'asset', min(part ->> 'name'), min(part ->> 'unit'),
                       min((part ->> 'scale')::int),
                       min((SELECT min(a.kind) FROM tibillet_asset a
                             WHERE a.code = part ->> 'asset')),
                       sum((part ->> 'amount_minor')::bigint)::bigint,
                       sum((part ->> 'value_minor')::bigint)::bigint
                  FROM pos_payment p
                  JOIN pos_order o ON o.id = p.pos_order_id
                  CROSS JOIN LATERAL jsonb_array_elements(p.tibillet_split) AS part
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
                   AND jsonb_typeof(p.tibillet_split) = 'array'
              GROUP BY 1 ORDER BY 1
                """,
                **scope,
            ),
        )

    @api.model
    def _operations(self, scope):
        """What these tills' cards did in the ledger while the sessions lasted, by code."""
        rows = self._rows(
            ("code", "asset_id", "means", "count", "amount"),
            SQL(
                """
                SELECT CASE WHEN t.earned IS NOT TRUE THEN o.code
                            WHEN o.code = 'undo' THEN 'points_back'
                            ELSE 'points_given' END, t.asset_id, o.means, count(DISTINCT o.id),
                       sum(t.amount_minor)::bigint
                  FROM pos_session s
                  JOIN tibillet_device d ON d.config_id = s.config_id
                  JOIN tibillet_operation o ON o.origin = 'device:' || d.id
                   AND o.posted_at >= s.start_at
                   -- a session's end is kept in whole seconds
                   AND o.posted_at < COALESCE(s.stop_at + interval '1 second', 'infinity')
                  JOIN tibillet_transfer t ON t.operation_id = o.id
                 WHERE s.id = ANY(%(ids)s) AND o.state = 'posted' AND %(posted)s
              GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                """,
                **scope,
            ),
        )
        assets_sudo = self.env["tibillet.asset"].sudo()  # names of what cards hold
        for row in rows:
            asset_sudo = assets_sudo.browse(row.pop("asset_id"))
            row |= {
                "asset": asset_sudo.name,
                "kind": asset_sudo.kind,
                "unit": asset_sudo.unit_label or "",
                "scale": asset_sudo.scale,
            }
        return rows

    @api.model
    def _events(self, scope, orders, sold):
        """What a controller looks for: taken back, given away, printed or opened again."""
        [(openings, without_sale)] = self.env.execute_query(
            SQL(
                """SELECT count(*), count(*) FILTER (WHERE reason = 'other')
                     FROM tibillet_drawer_opening
                    WHERE session_id = ANY(%(ids)s) AND %(opened)s""",
                **scope,
            )
        )
        offered = [line for line in sold if line["discount"] >= 100]
        cut = [line for line in sold if 0 < line["discount"] < 100]
        return {
            "voids": orders["voids"],
            "refunds": orders["back"],
            "refunds_amount": orders["back_amount"],
            "undone": orders["undone"],
            "undone_amount": orders["undone_amount"],
            "discounts": sum(line["cut"] for line in cut),
            "discounted_qty": sum(line["qty"] for line in cut),
            "offered": sum(line["cut"] for line in offered),
            "offered_qty": sum(line["qty"] for line in offered),
            "duplicates": orders["again"],
            "late": orders["late"],
            "open": orders["open"],
            "drawer_openings": openings,
            "drawer_without_sale": without_sale,
        }
