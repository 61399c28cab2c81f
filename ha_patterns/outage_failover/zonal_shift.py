"""Zonal shift: a load balancer leaves one Availability Zone, by hand or on AWS's own decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from ..aws.health_checks import ALIAS_TTL
from ..aws.load_balancers import ADVISED_KEEP_ALIVE, KEEP_ALIVE_ATTRIBUTE
from ..aws.practice_runs import EXAMPLE_DATE, EXAMPLE_WINDOW, MOST_BLOCKS, is_backwards, is_date, is_window
from ..aws.recovery_times import dns_switch
from ..cdk.properties import properties_if_made
from ..cdk.typed import typed
from ..cdk.validation import check_objective, duration, is_token, refusal, warn
from ..edge.regions import region_of, stack_of
from ..origins.places import refuse_at_synth
from .load_balancers import balancer_properties, client_keep_alive, limit_keep_alive
from .shiftable import shift_flaws

if TYPE_CHECKING:
    # Imported where they are used: most users of this package have neither of these.
    from aws_cdk import aws_arczonalshift as arczonalshift
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

_PAGE = "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift-autoshift.considerations.html"
_SWITCH = "zonal_shift.config.enabled"
# Of an Application Load Balancer: the errors of its targets, and those with which it answers for them. See
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html, read on
# 2026-11-30.
_TARGET_ERRORS, _OWN_ERRORS = "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"


@typed
class ZonalShift(Construct):
    """A load balancer that can leave an Availability Zone, and does so when AWS sees the zone fail.

    For what health checks do not tell: a zone that is slow, or that loses some requests. A zonal shift takes the
    zone's addresses out of the load balancer's DNS name, and with cross-zone load balancing, which an Application Load
    Balancer has by default, also stops the other zones from using its targets. It needs no control plane but ARC's own,
    which is in every Region, and costs nothing. Start one with ``aws arc-zonal-shift start-zonal-shift``; it expires by
    itself, after 72 hours at the latest. With autoshift AWS starts it, and once a week a practice run of 30 minutes,
    which the outcome alarm ends when users notice.

    The other zones must carry the load of the one that is left: run 3 times 15 servers where 30 are needed. A load
    balancer that fails open, as all its targets are unhealthy, is not shifted.

    ``failover_time`` is that of clients that resolve the load balancer's name. AWS's pages no longer exclude a load
    balancer behind Global Accelerator, which asks no DNS name, and say nothing of how soon the zone is left there: try
    it with a shift by hand.

    AWS shifts no target group whose targets are in one zone, and no Application Load Balancer behind a Network Load
    Balancer, which is shifted instead. Of a Network Load Balancer with cross-zone load balancing, all target groups
    must be of TCP or TLS, without a load balancer as their target, and must not end the connections of unhealthy
    targets: set their attribute ``target_health_state.unhealthy.connection_termination.enabled`` to ``false``.

    What is open stays open when the zone is taken out of DNS, so clients are told to reconnect after
    ``client_keep_alive``: on an Application Load Balancer that sets none it becomes 300 seconds, in place of an hour.

    Creates a zonal autoshift configuration, unless ``autoshift`` is False, and sets attributes of the load balancer.

    Example::

        ZonalShift(self, "ZonalShift", load_balancer=alb, outcome_alarm=errors)

    Args:
        load_balancer: An Application or Network Load Balancer of this app and Region, over two zones or more.
        autoshift: Whether AWS may shift traffic away, and does so in practice runs. Default True.
        outcome_alarm: What tells that users are served badly, in the load balancer's Region. It ends practice runs,
            and marks them as failed. Autoshift needs it. It has to count what the load balancer answers by itself,
            ``HTTPCode_ELB_5XX_Count``, beside the errors of targets: a warning tells of one that does not.
        blocking_alarm: While it is raised no practice run starts, in the load balancer's Region. Default: none.
        blocked_windows: When no practice run starts, in UTC, such as ``Mon:08:00-Mon:18:00``; each within one day, and
            at most 15.
            Default: none.
        blocked_dates: Days without a practice run, in UTC, such as ``2026-12-24``; at most 15. Default: none.
        recovery_time_objective: The longest until traffic has left the zone, once it was decided. Default: none.

    Attributes:
        load_balancer: As given.
        configuration: The autoshift configuration; None without autoshift.

    Raises:
        ValueError: A load balancer that is imported, in another Region or in one zone; autoshift without an outcome
            alarm, or with one of another Region; alarms and blocks without autoshift; windows and dates that are none;
            an objective that cannot be met. At synth: a load balancer that AWS does not shift, see above.

    See https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        load_balancer: elbv2.ApplicationLoadBalancer | elbv2.NetworkLoadBalancer,
        autoshift: bool = True,
        outcome_alarm: cloudwatch.IAlarm | None = None,
        blocking_alarm: cloudwatch.IAlarm | None = None,
        blocked_windows: Sequence[str] = (),
        blocked_dates: Sequence[str] = (),
        recovery_time_objective: Duration | None = None,
    ) -> None:
        from aws_cdk import aws_arczonalshift as arczonalshift

        super().__init__(scope, construct_id)
        properties = balancer_properties(load_balancer)
        if properties is None:
            raise ValueError(
                "load_balancer must be made in this app, got an imported one: its attributes must be set for it to be "
                f"shifted; set {_SWITCH} where it is made"
            )
        here, there = region_of(self), region_of(load_balancer)
        if not is_token(here) and not is_token(there) and here != there:
            raise ValueError(
                f"load_balancer must be in the Region of this stack, {here}, got one in {there}: ARC shifts what is in "
                "its own Region; make the ZonalShift in the load balancer's stack"
            )
        if len([*properties.get("subnets", ()), *properties.get("subnetMappings", ())]) < 2:
            raise refusal(
                "load_balancer", "over two zones or more", load_balancer.node.path, "there would be no zone left"
            )
        if autoshift and outcome_alarm is None:
            raise ValueError(
                "outcome_alarm is missing: autoshift comes with weekly practice runs, and these need an alarm that "
                f"tells when users are served badly, see {_PAGE}; give one, or autoshift=False"
            )
        unused = {
            "outcome_alarm": outcome_alarm,
            "blocking_alarm": blocking_alarm,
            "blocked_windows": blocked_windows,
            "blocked_dates": blocked_dates,
        }
        if not autoshift and (given := [name for name, value in unused.items() if value]):
            raise ValueError(f"{given[0]} needs autoshift=True: only the practice runs of autoshift go by it")
        _check_blocks("blocked_windows", blocked_windows, EXAMPLE_WINDOW, is_window)
        _check_windows(blocked_windows)
        _check_blocks("blocked_dates", blocked_dates, EXAMPLE_DATE, is_date)
        self.load_balancer = load_balancer
        self._keep_alive = self._checked_keep_alive(properties)
        load_balancer.set_attribute(_SWITCH, "true")
        self.configuration: arczonalshift.CfnZonalAutoshiftConfiguration | None = None
        if outcome_alarm is not None:
            self._warn_if_blind(outcome_alarm)
            self.configuration = arczonalshift.CfnZonalAutoshiftConfiguration(
                self,
                "Autoshift",
                resource_identifier=load_balancer.load_balancer_arn,
                zonal_autoshift_status="ENABLED",
                practice_run_configuration=arczonalshift.CfnZonalAutoshiftConfiguration.PracticeRunConfigurationProperty(
                    outcome_alarms=[self._condition("outcome_alarm", outcome_alarm)],
                    blocking_alarms=[self._condition("blocking_alarm", blocking_alarm)] if blocking_alarm else None,
                    blocked_windows=list(blocked_windows) or None,
                    blocked_dates=list(blocked_dates) or None,
                ),
            )
        refuse_at_synth(self, lambda: shift_flaws(load_balancer))
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, "DNS with its TTL + client_keep_alive")

    @property
    def failover_time(self) -> Duration:
        """How long until traffic has left the zone, once a shift was started: DNS with its TTL, then the keep-alive.

        The zone may still answer, so this counts the last client on a connection that it opened just before its answer
        of DNS expired; most have left much earlier. DNS takes 65 s: 5 s until the zone's addresses are out of it, for
        which AWS publishes no figure, and the TTL. A Network Load Balancer ends no connection, so with one this is DNS
        alone, and what is open stays. How long it takes to decide for a shift, by hand or by AWS, is not in it.

        Raises:
            ValueError: The keep-alive is a token.
        """
        if self._keep_alive is None:
            raise ValueError(
                f"failover_time cannot be computed: {KEEP_ALIVE_ATTRIBUTE} of the load balancer is known only at "
                "deploy; give client_keep_alive as a plain Duration"
            )
        return duration(dns_switch(ALIAS_TTL) + self._keep_alive)

    def _checked_keep_alive(self, properties: Any) -> int | None:
        """The keep-alive in seconds, 0 where there is none; None where only the deploy knows. Sets it if it is not."""
        if properties.get("type") == "network":
            return 0
        limit_keep_alive(self.load_balancer)
        found = client_keep_alive(self.load_balancer)
        if found is not None and found > ADVISED_KEEP_ALIVE:
            warn(
                self,
                "zonal-shift:long-keep-alive",
                f"clients stay in the zone for {found} s after it was left: a client_keep_alive of "
                f"{ADVISED_KEEP_ALIVE} s or less is what AWS advises",
            )
        return found

    def _warn_if_blind(self, alarm: cloudwatch.IAlarm) -> None:
        """Warn of an alarm of this app that sees no error with which the load balancer answers for its targets."""
        properties = properties_if_made(alarm, cloudwatch.CfnAlarm) or {}
        queries = [
            properties,
            *(query.get("metricStat", {}).get("metric", {}) for query in properties.get("metrics", ())),
        ]
        self._warn_of_another(alarm, queries)
        names = {query.get("metricName") for query in queries}
        if _TARGET_ERRORS in names and _OWN_ERRORS not in names:
            warn(
                self,
                "zonal-shift:blind-alarm",
                f"outcome_alarm counts {_TARGET_ERRORS} and not {_OWN_ERRORS}: a load balancer that loses its targets "
                "answers 502, 503 and 504 by itself, and a practice run that users notice goes on; add the two up in "
                "one MathExpression",
            )

    def _warn_of_another(self, alarm: cloudwatch.IAlarm, queries: Sequence[Mapping[str, Any]]) -> None:
        """Warn of an alarm of this app on load balancers of this app, of which none is the one that is shifted."""
        dimensions = [each for query in queries for each in query.get("dimensions") or ()]
        watched = [each.get("value") for each in dimensions if each.get("name") == "LoadBalancer"]
        if not watched or any(isinstance(each, str) for each in watched):
            return
        if stack_of(alarm).resolve(self.load_balancer.load_balancer_full_name) not in watched:
            warn(
                self,
                "zonal-shift:other-balancer",
                f"outcome_alarm, {alarm.node.path}, watches another load balancer than {self.load_balancer.node.path}: "
                "a practice run that its users notice goes on; give an alarm on this one, or acknowledge this where "
                "all its users come through the other",
            )

    def _condition(
        self, argument: str, alarm: cloudwatch.IAlarm
    ) -> arczonalshift.CfnZonalAutoshiftConfiguration.ControlConditionProperty:
        from aws_cdk import aws_arczonalshift as arczonalshift

        arn = alarm.alarm_arn
        region = alarm.env.region if is_token(arn) or arn.count(":") < 5 else arn.split(":")[3]
        here = region_of(self.load_balancer)
        if not is_token(region) and not is_token(here) and region != here:
            raise ValueError(
                f"{argument} must be in the load balancer's Region, {here}, got one in {region}: ARC asks for alarms "
                "of its own Region only"
            )
        return arczonalshift.CfnZonalAutoshiftConfiguration.ControlConditionProperty(
            type="CLOUDWATCH", alarm_identifier=arn
        )


def _check_blocks(argument: str, given: Sequence[str], example: str, is_good: Any) -> None:
    if is_token(given):
        return
    if len(given) > MOST_BLOCKS:
        raise refusal(argument, f"at most {MOST_BLOCKS}", len(given), f"ARC takes no more, see {_PAGE}")
    for value in given:
        if not is_token(value) and not is_good(value):
            raise refusal(argument, f"such as {example}, in UTC", value, f"ARC takes no other form, see {_PAGE}")


def _check_windows(windows: Sequence[str]) -> None:
    """Refuse windows that do not start and end, in this order, on one day."""
    for window in () if is_token(windows) else windows:
        if not is_token(window) and is_backwards(window):
            raise refusal(
                "blocked_windows",
                "from a time to a later one of the same day",
                window,
                "ARC takes no other; split a window at midnight, such as Sat:22:00-Sat:23:59 and Sun:00:00-Sun:04:00",
            )
