from . import tibillet_treasury
