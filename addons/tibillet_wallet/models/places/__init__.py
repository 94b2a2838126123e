from . import tibillet_asset
from . import tibillet_acceptance
from . import res_company
from . import tibillet_debt_line
from . import tibillet_debt
from . import tibillet_debt_pair
