"""What edge functions may choose and read is told as far as their code and their roles say it."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology import Distribution, Origin, OriginGroup, Topology, Unresolved
from ha_patterns.topology.model import ViewerFunction

from .loading import load_resources, only, resource

_GROUP = {
    "Id": "both",
    "Members": {"Items": [{"OriginId": "one"}, {"OriginId": "two"}]},
    "FailoverCriteria": {"StatusCodes": {"Items": [500, 502]}},
}


def _load(code: str, groups: list[Any] | None = None) -> Topology:
    origins = [{"Id": name, "DomainName": f"{name}.example.com"} for name in ("one", "two", "three")]
    config = {"Origins": origins, "OriginGroups": {"Items": groups or []}}
    return load_resources(
        {
            "Site": resource("CloudFront::Distribution", DistributionConfig=config),
            "Chooser": resource("CloudFront::Function", Name="chooser", FunctionCode=code),
        }
    )


def _chosen(topology: Topology) -> tuple[Origin | OriginGroup, ...]:
    choices = topology.choices
    function, distribution = only(topology, ViewerFunction), only(topology, Distribution)
    found = choices.by_id(function, distribution)
    assert choices.by_id(function, distribution) is found
    return found


_OBJECT = "{originIds: [{originId: 'one'}, {originId: \"three\"}], failoverCriteria: {statusCodes: [503, 504]}}"

_JSON = '{"originIds":[{"originId":"one"},{"originId":"three"}],"failoverCriteria":{"statusCodes":[ 503,\n504 ]}}'


@pytest.mark.parametrize(
    "code",
    [
        f"cf.createRequestOriginGroup({_OBJECT});",
        f"const group = {_OBJECT};\ncf.createRequestOriginGroup(group);",
        f"let g={_OBJECT}\n  cf . createRequestOriginGroup ( g )",
        f"cf.createRequestOriginGroup({_JSON})",
    ],
)
def test_a_group_that_a_function_makes_has_its_members_and_its_codes(code: str) -> None:
    topology = _load(code)
    [made] = _chosen(topology)

    assert isinstance(made, OriginGroup)
    assert made.members == tuple(one for one in topology.of(Origin) if one.id in ("one", "three"))
    assert (made.member_ids, made.status_codes, made.selection) == (("one", "three"), (503, 504), "default")
    assert made.gaps == ()
    assert made.place is only(topology, ViewerFunction).place


def test_a_group_that_the_template_has_too_is_that_one() -> None:
    same = "{originIds: [{originId: 'one'}, {originId: 'two'}], failoverCriteria: {statusCodes: [502, 500]}}"
    topology = _load(f"cf.createRequestOriginGroup({same})", [_GROUP])

    assert _chosen(topology) == (only(topology, OriginGroup),)


def test_a_group_with_other_codes_is_another_one() -> None:
    other = "{originIds: [{originId: 'one'}, {originId: 'two'}], failoverCriteria: {statusCodes: [404]}}"
    topology = _load(f"cf.createRequestOriginGroup({other})", [_GROUP])
    [made] = _chosen(topology)

    assert made is not only(topology, OriginGroup)
    assert isinstance(made, OriginGroup)
    assert made.status_codes == (404,)


def test_codes_that_the_code_works_out_are_not_guessed() -> None:
    [made] = _chosen(
        _load("cf.createRequestOriginGroup({originIds: [{originId: 'one'}], failoverCriteria: {statusCodes: codes}})")
    )

    assert made.status_codes == ()  # type: ignore[union-attr]
    assert [gap.waits_for for gap in made.gaps] == ["the failover status codes of a group that a function makes"]


def test_a_member_that_the_distribution_does_not_have_is_not_known() -> None:
    code = "cf.createRequestOriginGroup({originIds: [{originId: 'one'}, {originId: 'nobody'}], statusCodes: [500]})"
    [made] = _chosen(_load(code))

    assert isinstance(made, OriginGroup)
    assert made.primary is not None
    assert isinstance(made.members[1], Unresolved)


@pytest.mark.parametrize(
    "code", ["cf.createRequestOriginGroup(of('one', 'two'))", "cf.createRequestOriginGroup(group)"]
)
def test_a_group_that_cannot_be_read_stands_for_the_origins_that_the_code_names(code: str) -> None:
    named = ["one", "two"] if "one" in code else []

    assert [one.id for one in _chosen(_load(code))] == named


def test_an_origin_that_a_function_selects_is_chosen() -> None:
    assert [one.id for one in _chosen(_load("cf.selectRequestOriginById('two')"))] == ["two"]
    assert _chosen(_load("request.headers['two'] = 'two'")) == ()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("cf.updateRequestOrigin({domainName: 'B.example.com', originPath: '/x'})", ["b.example.com"]),
        ("cf.updateRequestOrigin({domainName: `${name}.example.com`})", []),
        ("const other = {domainName: 'b.example.com'}", []),
    ],
)
def test_a_host_that_a_function_sends_requests_to_is_told(code: str, names: list[str]) -> None:
    topology = _load(code)
    found = topology.choices.hosts(only(topology, ViewerFunction))

    assert [endpoint.name for endpoint in found] == names
