"""A cancelled event: everybody is paid back, order by order, and a killed job goes on."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .refunds_common import RefundsCase


@tagged("post_install", "-at_install")
class TestRefundsEvent(RefundsCase):
    def setUp(self):
        super().setUp()
        mode = self.enter_registry_test_mode() if not self.registry_test_mode else None
        if mode:
            mode.__enter__()
            self.addCleanup(mode.__exit__, None, None, None)

    def call_off(self):
        self.concert.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Ill."})
        return self.env["tibillet.ticket.refund.job"].search([("event_id", "=", self.concert.id)])

    def run_job(self):
        self.env.flush_all()
        try:
            with self.registry.cursor() as cr:
                self.env(cr=cr)["tibillet.ticket.refund.job"]._cron_run()
        finally:
            self.env.invalidate_all()

    def test_everybody_price_and_fees(self):
        fee = [{"product_id": self.fee.id, "product_uom_qty": 1, "price_unit": 2}]
        orders = [self.order(2, more=fee), self.order(1)]
        scanned = self.order(1)
        self.tickets(scanned).action_set_done()
        free = self.env["event.registration"].create(
            {"event_id": self.concert.id, "event_ticket_id": self.free.id, "name": "Bo"}
        )
        self.begins_in(0.2)
        job = self.call_off()
        self.assertEqual((job.state, job.total, job.done), ("running", 4, 0))
        self.run_job()
        self.assertEqual((job.state, job.total, job.done, job.scanned), ("done", 4, 4, 1))
        self.assertEqual((job.amount, job.percent), (32, 100))
        self.send()
        self.assertEqual([self.gone_back(order) for order in orders], [22, 10])
        self.assertEqual((self.gone_back(scanned), free.state), (0, "cancel"))

    def test_killed_in_the_middle_it_goes_on(self):
        orders = [self.order(1) for _n in range(3)]
        job = self.call_off()
        real, count = type(job)._one_order, []

        def killed(job, tickets):
            if count:
                raise KeyboardInterrupt
            count.append(1)
            return real(job, tickets)

        with patch.object(type(job), "_one_order", killed):
            try:  # assertRaises would roll back what the job has committed
                self.run_job()
            except KeyboardInterrupt:
                count.append("killed")
        self.assertEqual(count, [1, "killed"])
        self.env.invalidate_all()
        self.assertEqual((job.state, job.done), ("running", 1))
        self.run_job()
        self.run_job()
        self.assertEqual((job.state, job.done, job.amount), ("done", 3, 30))
        self.send()
        self.assertEqual([self.gone_back(order) for order in orders], [10, 10, 10])

    def test_what_cannot_be_is_left_and_said(self):
        sold = self.env["event.registration"].create(
            {"event_id": self.concert.id, "event_ticket_id": self.rate.id, "name": "Bo"}
        )
        sold.sale_status = "sold"
        order = self.order(1)
        job = self.call_off()
        self.run_job()
        self.assertEqual((job.state, job.done, job.total), ("left", 1, 2))
        self.assertIn("sold at a till", job.last_said)
        self.assertEqual((sold.state, self.tickets(order).state), ("open", "cancel"))
        job.action_again()
        self.assertEqual(job.state, "running")

    def test_not_before_it_is_cancelled(self):
        with self.assertRaisesRegex(UserError, "cancel it first"):
            self.concert.action_tibillet_refund_all()
        self.call_off()
        self.concert.action_tibillet_refund_all()
        self.assertEqual(
            self.env["tibillet.ticket.refund.job"].search_count(
                [("event_id", "=", self.concert.id)]
            ),
            1,
        )
