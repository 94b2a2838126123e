from . import tibillet_settlement
