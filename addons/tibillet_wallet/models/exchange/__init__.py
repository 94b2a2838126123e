from . import product_template
from . import tibillet_asset
from . import tibillet_exchange
