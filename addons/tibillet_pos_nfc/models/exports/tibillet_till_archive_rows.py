"""The rows of the archive, and the sums that its manifest states."""

import json

from odoo import api, fields, models

from .tibillet_till_archive import LINES, ORDERS, PAYMENTS

#: Beyond this a float has no more to say of a quantity or a price.
DIGITS = 6
#: So many different orders are remembered: a bar sells the same ones again and again.
REMEMBERED = 5000


class TibilletTillArchive(models.AbstractModel):
    _inherit = "tibillet.till.archive"

    @api.model
    def _batch_rows(self, orders, days, sums):
        """Rows of some orders, counted into the sums.

        :return: yields ``(file name, row)``
        """
        company = orders.company_id
        moved = self.env["tibillet.figures"]._moved_products(company)
        closings = {
            closing.session_id: closing
            for closing in self.env["tibillet.closing"].search(
                [("session_id", "in", orders.session_id.ids)]
            )
        }
        for order in orders:
            day = str(days[order.id])
            lines = self._line_rows(order, day, moved, sums)
            payments = self._payment_rows(order, day, sums)
            total, paid = self._minor(order, order.amount_total), sum(self._paid(order))
            row = {
                **self._order_row(order, closings.get(order.session_id)),
                "day": day,
                "lines": len(lines),
                "payments": len(payments),
                "total_minor": total,
                "paid_minor": paid,
                # of the whole order against its lines, and of what was paid against the order
                "rounding_minor": total
                - sum(self._minor(order, line.price_subtotal_incl) for line in order.lines),
                "difference_minor": paid - total,
            }
            for name, more in (
                ("orders", 1),
                ("lines", len(lines)),
                ("payments", len(payments)),
            ):
                sums["counts"][name] += more
            sums["total_minor"] += total
            sums["paid_minor"] += paid
            yield ORDERS, row
            yield from ((LINES, line) for line in lines)
            yield from ((PAYMENTS, payment) for payment in payments)

    @api.model
    def _order_row(self, order, closing):
        merchant = order.session_id.config_id.tibillet_merchant_id
        invoice = order.account_move
        document = invoice or order.session_id.move_id
        return {
            "order": order.id,
            "name": order.name,
            "reference": order.pos_reference or "",
            "at": _instant(order.date_order),
            "till": order.session_id.config_id.name,
            "session": order.session_id.name,
            "cashier": self._cashier(order),
            "currency": order.currency_id.name,
            "merchant": (
                merchant
                and {"name": merchant.name, "registry": merchant.partner_id.company_registry or ""}
            )
            or None,
            "booked": "invoice" if invoice else "closing",
            "document": document.name if document.state == "posted" else "",
            "seal": self._seal(order),
            "closing": (closing and {"name": closing.name, "seal": closing.seal}) or None,
        }

    @api.model
    def _cashier(self, order):
        """Who sold, as a number that the company alone can give a name to."""
        employee = order.employee_id
        return f"e{employee.id}" if employee else f"u{order.user_id.id}"

    @api.model
    def _seal(self, order):
        """Number and hash of the French chain of orders, where it is kept."""
        if "l10n_fr_hash" not in order._fields or not order.l10n_fr_hash:
            return None
        return {"number": order.l10n_fr_secure_sequence_number, "hash": order.l10n_fr_hash}

    @api.model
    def _line_rows(self, order, day, moved, sums):
        merchant = order.session_id.config_id.tibillet_merchant_id
        booked = "invoice" if order.account_move else "closing"
        digits = order.company_id.currency_id.decimal_places
        parts = self._parts(order, sums["known"])
        rows = []
        for line in order.lines:
            kind = moved.get(line.product_id.id) or ("merchant" if merchant else "sale")
            rate = parts[line.id][0][0]
            # Revenue without tax of what was taxed when the card was loaded bears no rate.
            own = [part for part in parts[line.id] if part[0] == rate]
            base, vat, other = (round(sum(part[at] for part in own), digits) for at in (1, 2, 3))
            before = round(sum(part[1] for part in parts[line.id] if part[0] != rate), digits)
            for at, amount, tax in ((rate, base, vat), (0.0, before, 0)):
                if amount or tax:
                    sold = sums["sold"].setdefault((day, booked, kind, at), [0, 0])
                    sold[0] += round(amount * 10**digits)
                    sold[1] += round(tax * 10**digits)
            taxed = line.tibillet_taxed
            rows.append(
                {
                    "order": order.id,
                    "day": day,
                    "reference": order.pos_reference or order.name,
                    "line": line.id,
                    "kind": kind,
                    "article": _inert(self._article(line)),
                    "quantity": _number(line.qty),
                    "unit_price": _number(line.price_unit),
                    "discount": _number(line.discount),
                    "taxes": _inert(" + ".join(line.tax_ids_after_fiscal_position.mapped("name"))),
                    "rate": _number(rate),
                    "gross": self._amount(order, line.price_subtotal_incl),
                    "gift": self._amount(order, line.tibillet_gift - taxed),
                    "taxed_before": self._amount(order, taxed),
                    "base": _fixed(base, digits),
                    "vat": _fixed(vat, digits),
                    "other_taxes": _fixed(other, digits),
                    "base_taxed_before": _fixed(before, digits),
                    "refunds": line.refunded_orderline_id.id or "",
                }
            )
        return rows

    @api.model
    def _parts(self, order, known):
        """What the books have of each line, see ``_order_parts``.

        What decides it is the same for most orders of a bar, which makes a year a matter of a
        minute: it is reckoned once for each kind of order.

        :param dict known: what was reckoned before
        :return: ``{line id: [(rate, base, VAT, other taxes)]}``
        """
        lines = order.lines
        same = (
            order.amount_total < 0,
            order.currency_rate,
            order.fiscal_position_id.id,
            *(
                (
                    line.product_id.id,
                    tuple(line.tax_ids.ids),
                    line.qty,
                    line.price_unit,
                    line.discount,
                    line.tibillet_gift,
                    line.tibillet_taxed,
                    line.tibillet_taxed_net,
                    json.dumps(line.extra_tax_data, sort_keys=True),
                )
                for line in lines
            ),
        )
        if same not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            at = {line.id: number for number, line in enumerate(lines)}
            known[same] = [[] for _line in lines]
            for line_id, *part in self.env["tibillet.daily.totals"]._order_parts(order):
                known[same][at[line_id]].append(part)
        return dict(zip(lines.ids, known[same], strict=True))

    @api.model
    def _article(self, line):
        """The name on the receipt; where somebody wrote into it, the article's own."""
        if line.custom_attribute_value_ids or not line.full_product_name:
            return line.product_id.name
        return line.full_product_name

    @api.model
    def _payment_rows(self, order, day, sums):
        rows = []
        for payment, minor in zip(order.payment_ids, self._paid(order), strict=True):
            method = payment.payment_method_id
            kind = "wallet" if payment._tibillet_is_wallet else method.type
            row = {
                "order": order.id,
                "day": day,
                "reference": order.pos_reference or order.name,
                "payment": payment.id,
                "paid_at": _instant(payment.payment_date),
                "kind": kind,
                "method": _inert(method.name),
                "amount": self._amount(order, payment.amount),
                "change": "1" if payment.is_change else "",
            }
            key = kind, row["method"]
            sums["methods"][key] = sums["methods"].get(key, 0) + minor
            rows.append(row)
        return rows

    @api.model
    def _paid(self, order):
        return [self._minor(order, payment.amount) for payment in order.payment_ids]

    @api.model
    def _minor(self, order, amount):
        return round(amount * 10**order.currency_id.decimal_places)

    @api.model
    def _amount(self, order, amount):
        return _fixed(amount, order.currency_id.decimal_places)

    # -- sums ------------------------------------------------------------------------------

    @api.model
    def _new_sums(self):
        return {
            "counts": {"orders": 0, "lines": 0, "payments": 0},
            "total_minor": 0,
            "paid_minor": 0,
            "sold": {},
            "methods": {},
            "known": {},
        }

    @api.model
    def _told_sums(self, sums):
        return {
            "counts": sums["counts"],
            "sums": {
                "total_minor": sums["total_minor"],
                "paid_minor": sums["paid_minor"],
                "lines": [
                    {
                        "day": day,
                        "booked": booked,
                        "kind": kind,
                        "rate": _number(rate),
                        "base_minor": base,
                        "vat_minor": vat,
                    }
                    for (day, booked, kind, rate), (base, vat) in sorted(sums["sold"].items())
                    if base or vat
                ],
                "payments": [
                    {"kind": kind, "method": method, "amount_minor": amount}
                    for (kind, method), amount in sorted(sums["methods"].items())
                ],
            },
        }


def _instant(at):
    return fields.Datetime.to_datetime(at).isoformat() + "Z"


def _number(value):
    """A number as people write it: 2, 0.5, never 2.000000."""
    text = f"{round(value, DIGITS) + 0.0:.{DIGITS}f}".rstrip("0").rstrip(".")
    return text or "0"


def _fixed(amount, digits):
    """An amount with the digits of its currency, never -0.00."""
    return f"{round(amount, digits) + 0.0:.{digits}f}"


def _inert(text):
    """A name that begins like a formula stays a name in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
