from . import books
from . import claim_list
from . import health
from . import ledger_export
from . import people
from . import settlement
from . import source
from . import well_known
