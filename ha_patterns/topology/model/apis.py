"""APIs of API Gateway: what they answer, and what answers for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .certificates import Certificate
    from .compute import Subnet
    from .endpoints import Endpoint
    from .functions import Function
    from .load_balancing import LoadBalancer
    from .security_groups import SecurityGroup


@thing
class VpcLink(Thing):
    """A way from an API into a VPC.

    Attributes:
        targets: The load balancers that a link of a REST API leads to; empty for an HTTP API, whose integrations name
            their own.
        subnets: The subnets of a link of an HTTP API.
        security_groups: The security groups of a link of an HTTP API.
    """

    targets: tuple[LoadBalancer | Unresolved, ...]
    subnets: tuple[Subnet | Unresolved, ...]
    security_groups: tuple[SecurityGroup | Unresolved, ...]


@thing
class ApiIntegration(Thing):
    """What an API asks for the answer to some requests.

    Attributes:
        type: ``AWS``, ``AWS_PROXY``, ``HTTP``, ``HTTP_PROXY`` or ``MOCK``.
        uri: As the template has it; None if it has none.
        target: What is asked: a function, a load balancer in a VPC, or a host; Unresolved if nothing tells which. None
            if API Gateway answers by itself (``MOCK``) or asks a service of AWS.
        service: The service of AWS that is asked, such as ``sqs``; None if ``target`` is.
        vpc_link: The link by which a load balancer is reached; None if the request goes by the internet.
        timeout: In milliseconds; None if the template sets none.

    See https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
    """

    type: Value
    uri: Value | None
    target: Function | LoadBalancer | Endpoint | Unresolved | None
    service: Value | None
    vpc_link: VpcLink | Unresolved | None
    timeout: Whole | None

    @property
    def is_mock(self) -> bool:
        """Whether API Gateway answers by itself, so that no backend can fail."""
        return self.type == "MOCK"


@thing
class ApiRoute(Thing):
    """Some requests of an API, and the integration that answers them: a method of REST, a route of HTTP or WebSocket.

    Attributes:
        key: What is requested, as ``GET /items/{id}``, ``$default``, or a route key of a WebSocket API.
        method: ``ANY`` for all; None if the key has none, or it is unresolved.
        path: With parameters in braces; None if the key has none, or it is unresolved.
        authorization: ``NONE``, ``AWS_IAM``, ``CUSTOM``, ``JWT`` or ``COGNITO_USER_POOLS``.
        integration: None if the route has none, so that it answers with an error.
    """

    key: Value
    method: Value | None
    path: Value | None
    authorization: Value
    integration: ApiIntegration | Unresolved | None


@thing
class ApiStage(Thing):
    """A stage of an API: the first part of the path, at the API's own name.

    Attributes:
        name: ``$default`` for the one that has no part of the path.
        deployed: Whether the template deploys the API to it.
        variables: Its stage variables, which the addresses of integrations may have.
    """

    name: Value
    deployed: Flag
    variables: Mapping[str, Value]


@thing
class Api(Thing):
    """An API of API Gateway: ``REST``, ``HTTP`` or ``WEBSOCKET``.

    Attributes:
        endpoint_types: ``EDGE``, ``REGIONAL`` or ``PRIVATE``; unresolved lists count as one unresolved item.
        default_endpoint_disabled: Whether the name that AWS gives it answers nothing, so that a custom domain must.
        stages: Its stages.
        routes: What it answers.
        unknown_routes: What would tell further routes, such as a definition in a bucket; None if all are known.
    """

    protocol: str
    endpoint_types: tuple[Value, ...]
    default_endpoint_disabled: Flag
    stages: tuple[ApiStage, ...]
    routes: tuple[ApiRoute, ...]
    unknown_routes: Unresolved | None
    domains: tuple[ApiDomain, ...] = ()

    @property
    def private(self) -> Flag:
        """Whether only interface endpoints of a VPC reach it."""
        return _is(self.endpoint_types, "PRIVATE")

    @property
    def edge_optimized(self) -> Flag:
        """Whether a distribution of API Gateway's own is before it."""
        return _is(self.endpoint_types, "EDGE")


def _is(types: tuple[Value, ...], one: str) -> Flag:
    if one in types:
        return True
    return next((value for value in types if isinstance(value, Unresolved)), False)


@thing
class ApiMapping(Thing):
    """A path of a custom domain name, and the stage of an API that answers there.

    Attributes:
        path: Without slashes at its ends; empty for all that no other mapping is for.
        stage: As the template has it; None if the next part of the path names it.
    """

    path: Value
    api: Api | Unresolved
    stage: ApiStage | Unresolved | None


@thing
class ApiDomain(Thing):
    """A custom domain name of API Gateway.

    Attributes:
        edge_optimized: Whether a distribution of API Gateway's own is before it.
        private: Whether only interface endpoints of a VPC reach it.
        routing_mode: Whether routing rules, which are not read, come before the mappings: ``API_MAPPING_ONLY``,
            ``BASE_PATH_MAPPING_ONLY``, or another.
        mappings: The APIs that it is mapped to, with their paths.
        certificate_arn: Of its certificate, as the template has it.
    """

    name: Value
    certificate: Certificate | Unresolved | None
    certificate_arn: Value | None
    edge_optimized: Flag
    private: Flag
    routing_mode: Value
    mappings: tuple[ApiMapping, ...]

    @property
    def apis(self) -> tuple[Api, ...]:
        """The APIs that it is mapped to, as far as they are in these templates."""
        return tuple(mapping.api for mapping in self.mappings if isinstance(mapping.api, Api))

    @property
    def region(self) -> Value | None:
        """The Region that it is in; None where CloudFront is before it, Unresolved if that is unknown."""
        if isinstance(self.edge_optimized, Unresolved):
            return self.edge_optimized
        return None if self.edge_optimized else super().region
