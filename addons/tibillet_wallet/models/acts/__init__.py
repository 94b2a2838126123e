from . import res_company
from . import res_config_settings
from . import tibillet_ledger
from . import tibillet_act
