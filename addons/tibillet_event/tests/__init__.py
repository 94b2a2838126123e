from . import (
    test_budget,
    test_groups,
    test_rates_codes,
    test_rates_free_price,
    test_rates_limits,
    test_rates_rights,
    test_roles,
    test_security_rates,
)
