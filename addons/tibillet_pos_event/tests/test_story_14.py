import base64
import re
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.tibillet_event.exceptions import SeatsError
from odoo.addons.tibillet_event.table_files import as_csv
from odoo.addons.tibillet_pos_nfc.tests.common import OTHER_UID, TillCase

from .gate_night import GateNight

ROOM = 250


class ConcertCase(TillCase):
    """A concert of 250 seats at 5.5 %, sold by the website, a till and a guest list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in (
            "event.group_event_manager",
            "sales_team.group_sale_manager",
            "tibillet_event.tibillet_event_group_manager",
        ):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.website = cls.env["website"].get_current_website()
        cls.website.company_id = cls.company
        cls.env.ref("base.EUR").active = True
        cls.provider = cls.env["payment.provider"].search([("code", "=", "demo")], limit=1)
        cls.provider = cls.provider.copy({"company_id": cls.company.id, "state": "test"})
        cls.show_vat = cls.beer.taxes_id.copy({"name": "Shows 5.5 %", "amount": 5.5})
        cls.hall = cls.env["res.partner"].create(
            {"name": "La Halle", "city": "Brest", "tibillet_venue": "hall"}
        )
        begin = fields.Datetime.now() + timedelta(days=2)
        cls.concert = cls.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": cls.company.id,
                "website_id": cls.website.id,
                "is_published": True,
                "address_id": cls.hall.id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=3),
                "seats_limited": True,
                "seats_max": ROOM,
                "tibillet_show_domain": "music",
                "tibillet_vat_id": cls.show_vat.id,
                "tibillet_vat_reason": "show",
                "event_ticket_ids": [
                    Command.create({"name": "Full", "price": 15}),
                    Command.create({"name": "Reduced", "price": 12}),
                    Command.create({"name": "Guest", "price": 0, "tibillet_invitation": True}),
                ],
            }
        )
        cls.full, cls.reduced, cls.invited = cls.concert.event_ticket_ids
        cls.place = cls.full.product_id
        cls.place.available_in_pos = True

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    # -- the website -----------------------------------------------------------------------------

    def choose(self, rate, number):
        form = {f"nb_register-{one.id}": "0" for one in self.concert.event_ticket_ids}
        form[f"nb_register-{rate.id}"] = str(number)
        return str(self.make_jsonrpc_request(f"/event/{self.concert.id}/registration/new", form))

    def on_the_web(self, rate, number):
        """A visitor chooses, writes the names and pays online."""
        self.authenticate(None, None)
        self.choose(rate, number)
        page = self.url_open(f"/event/{self.concert.id}/register").text
        form = {"csrf_token": re.search(r'csrf_token: "([^"]+)"', page)[1]}
        asked = {one.question_type: one.id for one in self.concert.question_ids}
        for index in range(1, number + 1):
            form[f"{index}-event_ticket_id"] = rate.id
            form[f"{index}-name-{asked['name']}"] = "Anna"
            form[f"{index}-email-{asked['email']}"] = "anna@example.com"
        before = self.concert.registration_ids
        answer = self.url_open(
            f"/event/{self.concert.id}/registration/confirm", data=form, allow_redirects=False
        )
        self.assertIn("/shop/", answer.headers["Location"])
        self.env.invalidate_all()
        order = (self.concert.registration_ids - before).sale_order_id
        self.assertEqual(len(order), 1)
        return self.paid_online(order)

    def paid_online(self, order):
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env["payment.method"]
                .search([("code", "=", "demo")], limit=1)
                .id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": order.name,
                "sale_order_ids": [Command.set(order.ids)],
                "operation": "online_direct",
            }
        )
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        return order.tibillet_registration_ids

    def many_online(self, rate, number):
        """A group's order, of more places than the page's list of numbers has."""
        group = self.env["res.partner"].create({"name": "A group", "email": "g@example.com"})
        order = self.env["sale.order"].create(
            {
                "partner_id": group.id,
                "company_id": self.company.id,
                "website_id": self.website.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.place.id,
                            "product_uom_qty": number,
                            "event_id": self.concert.id,
                            "event_ticket_id": rate.id,
                        }
                    )
                ],
            }
        )
        self.env["event.registration"].create(
            [
                {"sale_order_line_id": order.order_line.id, "sale_order_id": order.id, "name": "G"}
                for _place in range(number)
            ]
        )
        return self.paid_online(order)

    # -- the till --------------------------------------------------------------------------------

    def line(self, product, number, price):
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == self.company)
        total = number * price
        return {
            "product_id": product.id,
            "qty": number,
            "price_unit": price,
            "discount": 0,
            "tax_ids": [Command.set(taxes.ids)],
            "price_subtotal": round(total / (1 + taxes.amount / 100), 2),
            "price_subtotal_incl": total,
            "uuid": f"{self.next_seq()}-{self.till_session.id}",
        }

    def places(self, rate, number, hold=True):
        """A line of places as a till makes it: their seats are put aside before the money."""
        line = self.line(self.place, number, rate.price)
        if hold:
            answer = self.till_session.tibillet_seats_hold(line["uuid"], rate.id, False, number)
            self.assertTrue(answer["ok"], answer)
        guest = {"event_id": self.concert.id, "event_ticket_id": rate.id, "name": "At the door"}
        return {
            **line,
            "event_ticket_id": rate.id,
            "event_registration_ids": [Command.create(guest) for _place in range(number)],
        }

    def at_the_door(self, lines, payments=None, **more):
        total = sum(line["price_subtotal_incl"] for line in lines)
        sent = self.order_values(payments or [(self.cash, total, False)], [], **more)
        sent["lines"] = [Command.create(line) for line in lines]
        sent["amount_total"] = total
        sent["amount_tax"] = round(total - sum(line["price_subtotal"] for line in lines), 2)
        self.sync(sent, user=self.till_manager)
        return self.env["pos.order"].search([("uuid", "=", sent["uuid"])])

    # -- what is counted -------------------------------------------------------------------------

    def live(self):
        self.env.invalidate_all()
        return self.concert.registration_ids.filtered(lambda one: one.state in ("open", "done"))

    def numbers(self):
        return self.env["tibillet.ticket.number"].search(
            [("company_id", "=", self.company.id)], order="number"
        )


@tagged("post_install", "-at_install")
class TestStory14(GateNight, ConcertCase):
    """Story 14, a concert of 250 seats: website, till with a drink, guests, an upgrade, a gift,
    two gates of which one has no network."""

    def test_story_14_two_hundred_and_fifty_and_no_more(self):
        web = self.on_the_web(self.full, 4) | self.on_the_web(self.reduced, 3)
        web |= self.many_online(self.full, 150) | self.many_online(self.reduced, 50)
        self.thirty_at_the_door()
        self.twelve_guests()
        given = self.ten_given_and_five_paid()
        self.live()._tibillet_numbered()
        upgraded = [self.text(one) for one in self.pair_order.lines.event_registration_ids]
        self.upgrade()
        self.assertEqual(len(self.live()), ROOM)
        self.never_251()
        self.assertLessEqual(web | given, self.live())
        self.gates(upgraded)
        self.assertNumbers()
        self.assertPrinted(given)
        self.assertDuties()
        self.assertStatement()

    def thirty_at_the_door(self):
        for _round in range(9):
            self.at_the_door([self.places(self.full, 3), self.line(self.beer, 3, 6.0)])
        self.at_the_door([self.places(self.full, 1), self.line(self.beer, 1, 6.0)])
        self.pair_order = self.at_the_door(
            [self.places(self.reduced, 2), self.line(self.beer, 2, 6.0)]
        )
        sold = self.till_session.sudo().order_ids
        self.assertEqual(sum(sold.mapped("amount_total")), 28 * 15 + 2 * 12 + 30 * 6)
        self.assertEqual(len(sold.lines.event_registration_ids), 30)

    def twelve_guests(self):
        band = self.env["res.partner"].create({"name": "The band"})
        guests = self.env["tibillet.guest.list"].create(
            {
                "event_id": self.concert.id,
                "ticket_id": self.invited.id,
                "partner_id": band.id,
                "quota": 12,
            }
        )
        for number in range(12):
            guests._invite(f"Guest {number}", f"guest{number}@example.com")
        with self.assertRaisesRegex(ValidationError, "full"), self.env.cr.savepoint():
            guests._invite("One more", "more@example.com")

    def ten_given_and_five_paid(self):
        """A card brings a gift of 10.00, the rest is paid in cash."""
        self.load(self.other_card, 1000, self.gift)
        line = self.places(self.full, 1)
        basket = [{"product_id": self.place.id, "amount_minor": 1500, "qty": 1}]
        answer = self.tap(lines=basket, uid=OTHER_UID, up_to=1500, facts={"also": []})
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["amount_minor"], 1000)
        payments = [(self.method, 10.0, self.key), (self.cash, 5.0, False)]
        order = self.at_the_door([line], payments)
        self.assertEqual(order.lines.tibillet_gift, 10.0)
        return order.lines.event_registration_ids

    def upgrade(self):
        """Reduced to full at the till: 12.00 back, 15.00 paid, a number cancelled, a new one.

        The room is full: the seat goes back before it is sold again.
        """
        sold = self.pair_order.lines.filtered("event_ticket_id")
        back = {
            **self.line(self.place, -1, 12.0),
            "refunded_orderline_id": sold.id,
            "event_ticket_id": self.reduced.id,
        }
        orders = self.at_the_door([back]) | self.at_the_door([self.places(self.full, 1)])
        self.assertEqual(orders.mapped("amount_total"), [-12.0, 15.0])
        self.env.invalidate_all()
        self.assertEqual(sorted(sold.event_registration_ids.mapped("state")), ["cancel", "open"])

    def never_251(self):
        refusal = self.till_session.tibillet_seats_hold("late", self.full.id, False, 1)
        self.assertEqual((refusal["ok"], refusal["code"]), (False, "sold_out"))
        self.authenticate(None, None)
        self.assertIn("sold out", self.choose(self.full, 1))
        with self.assertRaises(SeatsError), self.env.cr.savepoint():
            self.env["event.registration"].create(
                {"event_id": self.concert.id, "event_ticket_id": self.full.id, "name": "Office"}
            )
        late = self.at_the_door([self.places(self.full, 1, hold=False)])
        place = late.lines.event_registration_ids
        self.assertEqual((place.state, place.tibillet_no_seat), ("cancel", True))
        self.assertEqual(len(self.live()), ROOM)
        self.assertEqual(
            self.env["tibillet.seats"]._used("event_id", self.concert.ids)[self.concert.id], ROOM
        )
        back = {
            **self.line(self.place, -1, 15.0),
            "refunded_orderline_id": late.lines.id,
            "event_ticket_id": self.full.id,
        }
        self.at_the_door([back])
        self.assertEqual(len(self.live()), ROOM)

    def gates(self, upgraded):
        """All 250 are shown, half of them at a gate without network; nobody else is in.

        :param upgraded: texts of the two reduced tickets of which one was changed for a full one
        """
        self.open_gates()
        texts = self.live()._tibillet_tickets_ensure().mapped("tibillet_ticket_text")
        self.assertEqual(len(set(texts)), ROOM)
        [former] = set(upgraded) - set(texts)
        self.assertEqual(self.code(former), "refunded")
        known = self.boxes(self.far_phone)
        self.assertEqual(known(former)["k"], "refunded")  # South knows it by itself
        self.assertEqual({known(text)["k"] for text in texts}, {"ok"})

        north, south = texts[: ROOM // 2], texts[ROOM // 2 :]
        answers = [self.scan(text) for text in north]
        self.assertEqual({one["code"] for one in answers}, {"entry"})
        self.assertEqual({one["rate"] for one in answers} - {"Full", "Reduced", "Guest"}, set())
        self.assertEqual(self.people_in(), (ROOM // 2, ROOM // 2))
        taken = self.hand_in(south)
        self.assertEqual({(one["code"], one["conflict"]) for one in taken}, {("entry", False)})
        self.assertEqual(self.people_in(), (ROOM, ROOM))

        self.assertEqual({self.code(text) for text in texts[::25]}, {"already_used"})
        self.assertEqual(self.people_in(), (ROOM, ROOM))
        self.assertEqual(set(self.live().mapped("state")), {"done"})
        self.assertEqual(len(self.live()), ROOM)

    def assertNumbers(self):
        self.live()._tibillet_numbered()
        rows = self.numbers()
        self.assertEqual(rows.mapped("number"), list(range(1, ROOM + 2)), "gapless, one cancelled")
        self.assertEqual(rows.filtered("cancelled_at").mapped("category"), ["Reduced"])
        self.assertEqual(rows[-1].category, "Full")
        live = rows - rows.filtered("cancelled_at")
        self.assertEqual(live.registration_id, self.live())
        self.assertEqual(
            live.grouped("channel").keys(), {"web", "till", "guest"}, "by which way each was sold"
        )

    def assertPrinted(self, given):
        """The price on the ticket is the price in the register is the price that was paid."""
        reports = self.env["ir.actions.report"]
        for ticket, price in (
            (self.live().filtered(lambda one: one.event_ticket_id == self.reduced)[0], "12.00"),
            (given, "5.00"),
            (self.live().filtered("tibillet_guest_list_id")[0], "Free"),
        ):
            page = reports._render_qweb_html(
                "event.action_report_event_registration_full_page_ticket", ticket.ids
            )[0].decode()
            text = " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())
            self.assertIn(f"Ticket no. {ticket.tibillet_number}", text)
            self.assertIn(price, text)
            self.assertIn(ticket.event_ticket_id.name, text)
        sums = {
            name: sum(row.price_minor for row in self.numbers() if row.channel == name)
            for name in ("web", "guest")
        }
        self.assertEqual(sums, {"web": 154 * 1500 + 53 * 1200, "guest": 0})
        orders = self.concert.registration_ids.sale_order_id
        self.assertEqual(round(sum(orders.mapped("amount_total")) * 100), sums["web"])

    def assertDuties(self):
        """VAT with its reason, the quarter's file, the base of the tax on variety."""
        self.assertEqual(
            (self.concert.tibillet_vat_id, self.concert.tibillet_vat_reason),
            (self.show_vat, "show"),
        )
        begin = self.concert.date_begin
        declaration = self.env["tibillet.show.declaration"].create(
            {
                "company_id": self.company.id,
                "year": begin.year,
                "quarter": str((begin.month + 2) // 3),
            }
        )
        self.assertFalse(declaration.missing)
        found = {
            line.price: (line.tickets, line.receipts, line.base) for line in declaration.line_ids
        }
        self.assertEqual(found, self.sold())
        declaration.action_declaration()
        declared = [
            ["Concert", "Music", declaration._wall(begin), "La Halle", "Brest", self.venue(), *row]
            for row in (
                (15.0, 183, 2745.0),
                (12.0, 54, 648.0),
                (5.0, 1, 5.0),
                ("free", 12, 0.0),
            )
        ]
        text = base64.b64decode(declaration.file).decode("utf-8-sig").splitlines()
        self.assertEqual(text[1:], as_csv([], declared).decode("utf-8-sig").splitlines()[1:])
        [show] = {(row["show"], row["begin_at"]) for row in declaration._rows()}
        self.assertEqual(show, ("Concert", begin))
        self.assertEqual(round(sum(declaration.line_ids.mapped("receipts")), 2), 3398.0)
        self.assertEqual(round(sum(declaration.line_ids.mapped("base")), 2), 3220.81)
        self.assertEqual(round(sum(declaration.line_ids.mapped("tax")), 2), 112.73)

    def sold(self):
        """Price → tickets, receipts, receipts without VAT of each order's own rounding."""
        return {
            # 4 and 150 online, nine rounds of 3, one alone, one after the upgrade
            15.0: (183, 2745.0, round(2745 - 3.13 - 117.30 - 9 * 2.35 - 2 * 0.78, 2)),
            # 3 and 50 online, one of two at the door
            12.0: (54, 648.0, round(648 - 1.88 - 31.28 - 0.63, 2)),
            5.0: (1, 5.0, 4.74),
            0.0: (12, 0.0, 0.0),
        }

    def venue(self):
        return dict(self.hall._fields["tibillet_venue"]._description_selection(self.env))[
            self.hall.tibillet_venue
        ]

    def assertStatement(self):
        """The statement of the night, per category and price."""
        self.wait(24 * 60)
        self.env.flush_all()
        days = self.env["tibillet.ticket.day"]
        for company_id, day in days._missing():  # what the clock does at night
            days._make(self.env["res.company"].browse(company_id), day)
        day = days.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(day), 1)
        self.assertEqual((day.paid, day.free, day.cancelled), (239, 12, 1))
        self.assertEqual(day.receipts, 3398.0)
        lines = {
            (line.category, line.price): (line.paid, line.free, line.cancelled, line.receipts)
            for line in day.line_ids
        }
        self.assertEqual(
            lines,
            {
                ("Full", 15.0): (183, 0, 0, 2745.0),
                ("Full", 5.0): (1, 0, 0, 5.0),
                ("Reduced", 12.0): (55, 0, 1, 648.0),
                ("Guest", 0.0): (0, 12, 0, 0.0),
            },
        )
        self.assertEqual(
            (min(day.line_ids.mapped("first")), max(day.line_ids.mapped("last"))), (1, ROOM + 1)
        )
