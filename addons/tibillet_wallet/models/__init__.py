from . import tibillet_asset
from . import tibillet_wallet
from . import tibillet_account
from . import tibillet_card
from . import tibillet_operation
from . import tibillet_transfer
from . import tibillet_ledger
