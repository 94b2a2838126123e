from . import (
    test_allotment,
    test_box_office,
    test_rates_by_card,
    test_story_14,
    test_till_books,
    test_till_deferral,
    test_till_orders,
    test_till_passes,
    test_till_rules,
    test_till_seats,
    test_till_tickets,
    test_till_tours,
)
