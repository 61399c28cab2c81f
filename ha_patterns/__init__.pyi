from ._version import __version__ as __version__
from .active_active import *
from .edge import *
from .origins import *
from .outage_failover import *
from .transient_errors import *
