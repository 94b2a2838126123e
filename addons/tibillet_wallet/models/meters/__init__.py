from . import tibillet_meter
from . import tibillet_meter_measure
