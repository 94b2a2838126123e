from . import (
    test_budget,
    test_groups,
    test_rates_codes,
    test_rates_free_price,
    test_rates_limits,
    test_rates_rights,
    test_roles,
    test_seats,
    test_seats_website,
    test_security,
    test_security_rates,
)
