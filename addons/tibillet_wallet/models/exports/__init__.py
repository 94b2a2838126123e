from . import tibillet_book_letter, tibillet_book_role, tibillet_daily_form, tibillet_daily_totals
