from . import tibillet_sepa
from . import tibillet_sepa_line
from . import tibillet_sepa_order
from . import tibillet_settlement
from . import tibillet_sepa_prepare
