from . import test_budget, test_groups, test_roles, test_seats, test_seats_website, test_security
