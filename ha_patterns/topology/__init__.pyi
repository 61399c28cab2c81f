from ..aws.policies import CachePolicy as CachePolicy
from ..aws.policies import OriginRequestPolicy as OriginRequestPolicy
from ..aws.policies import Selection as Selection
from .files import FileWarning as FileWarning
from .files import TemplateError as TemplateError
from .given import GivenTemplate as GivenTemplate
from .loading import StackTemplate as StackTemplate
from .loading import load as load
from .loading import load_stacks as load_stacks
from .model import *
from .stacks import Stack as Stack
from .topology import RecordSet as RecordSet
from .topology import Topology as Topology
from .values import Reference as Reference
from .values import ResourceId as ResourceId
from .values import Text as Text
from .values import Unresolved as Unresolved
from .values import Value as Value
