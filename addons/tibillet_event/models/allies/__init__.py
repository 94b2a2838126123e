from . import tibillet_well_known
