from . import tibillet_merchant
from . import tibillet_merchant_checks
from . import tibillet_wallet
from . import tibillet_ledger
