from . import tibillet_well_known
from . import tibillet_gate_ally
