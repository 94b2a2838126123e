from . import test_asset
from . import test_card
from . import test_ledger_hold
from . import test_ledger_post
from . import test_ledger_spend
from . import test_place
from . import test_keys
