from . import test_till_seats
