from . import archive
from . import closing
from . import customer_display
from . import leave
from . import merchant
