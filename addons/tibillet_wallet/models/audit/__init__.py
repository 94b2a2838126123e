from . import tibillet_ledger_roll_up
from . import tibillet_ledger_audit
from . import tibillet_books_mirror
from . import tibillet_audit
from . import tibillet_audit_finding
from . import tibillet_health
from . import tibillet_housekeeping
