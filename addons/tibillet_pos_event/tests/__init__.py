from . import test_till_orders, test_till_seats
