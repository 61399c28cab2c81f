from .plugin import HaChecks as HaChecks
from .rule import Objectives as Objectives
from .rule import Rule as Rule
from .rule import Severity as Severity
from .rules import RULES as RULES
from .run import Finding as Finding
from .run import Report as Report
from .run import check as check
