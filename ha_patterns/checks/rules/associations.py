"""Functions on the events of a behavior: what CloudFront refuses of an association."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.runtimes import ORIGIN_EVENTS, REQUEST_EVENTS, VIEWER_EVENTS
from ...topology.model import FunctionAssociation, ViewerFunction
from ...topology.values import Unresolved
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"


@rule(
    "HA116",
    Severity.ERROR,
    "function on an event that it may not have",
    kind=FunctionAssociation,
    why="CloudFront Functions run on viewers' events only, and Lambda@Edge gets the body of requests only. CloudFront "
    "refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy="Move a CloudFront Function to viewer-request or viewer-response, or make it a Lambda@Edge function; take "
    "IncludeBody out of associations with responses.",
    page=f"{_GUIDE}edge-function-restrictions-all.html",
)
def refused_event(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    event = association.event
    if not isinstance(event, str):
        return
    if not association.at_edge and event in ORIGIN_EVENTS:
        what = f"a CloudFront Function is on {event}; it may be on {listed(sorted(VIEWER_EVENTS))}"
        yield problem(association, what, "EventType")
    elif event not in VIEWER_EVENTS | ORIGIN_EVENTS:
        what = f"EventType is {event!r}; it may be {listed(sorted(VIEWER_EVENTS | ORIGIN_EVENTS))}"
        yield problem(association, what, "EventType")
    elif association.include_body is True and event not in REQUEST_EVENTS:
        what = f"IncludeBody is true on {event}; it may be on {listed(sorted(REQUEST_EVENTS))}"
        yield problem(association, what, "IncludeBody")


@rule(
    "HA117",
    Severity.ERROR,
    "CloudFront Function that is not published",
    kind=FunctionAssociation,
    why="A distribution runs what is published of a CloudFront Function. CloudFormation publishes none unless "
    "AutoPublish is true, so that the deploy of a new function fails, and a changed one stays as it was.",
    remedy="Set AutoPublish of the AWS::CloudFront::Function to true.",
    page="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html",
)
def not_published(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    function = association.function
    if association.at_edge or not isinstance(function, ViewerFunction):
        return
    question = f"whether {function.place.logical_id} is published"
    if isinstance(function.published, Unresolved):
        yield cannot_tell(function, function.published, question, "Properties", "AutoPublish")
    elif not function.published and function.place.stack is not association.place.stack:
        yield cannot_tell(function, Unresolved("what is done between the deploys of two stacks"), question)
    elif not function.published:
        what = f"{function.place.logical_id} on {association.event} is not published: AutoPublish is not set to true"
        yield problem(function, what, "Properties", "AutoPublish")
