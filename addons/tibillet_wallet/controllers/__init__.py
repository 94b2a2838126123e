from . import health
from . import source
from . import well_known
