from . import tibillet_merchant_statement
from . import tibillet_sepa_prepare
