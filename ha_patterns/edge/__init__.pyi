from ..aws.regions import EDGE_REGION as EDGE_REGION
from .distribution import EdgeDistribution as EdgeDistribution
from .function_logs import EdgeFunctionLogs as EdgeFunctionLogs
from .functions import EdgeFunction as EdgeFunction
from .inputs import RoutingInputs as RoutingInputs
from .routing_table import RoutingTable as RoutingTable
