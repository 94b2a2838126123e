from . import product_template
from . import tibillet_ledger
