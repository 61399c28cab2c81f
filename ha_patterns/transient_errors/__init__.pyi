from .error_pages import ErrorPages as ErrorPages
from .graceful_response import GracefulResponse as GracefulResponse
from .origin_failover import ORIGIN_ROLE_HEADER as ORIGIN_ROLE_HEADER
from .origin_failover import FailoverOriginGroup as FailoverOriginGroup
from .origin_failover import OriginFailover as OriginFailover
from .stale_content import StaleContent as StaleContent
