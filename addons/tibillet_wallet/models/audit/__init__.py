from . import tibillet_ledger_roll_up, tibillet_ledger_audit, tibillet_books_mirror
