from . import tibillet_loyalty
from . import tibillet_ledger
