from . import test_asset
from . import test_card
from . import test_ledger_hold
from . import test_ledger_post
from . import test_ledger_spend
