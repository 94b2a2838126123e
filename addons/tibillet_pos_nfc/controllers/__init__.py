from . import closing
from . import leave
