"""Every reference stack: what its template holds, and what holds for all of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from ha_patterns.catalog import BY_NAME, CATALOG, Pattern
from ha_patterns.cli import main
from ha_patterns.drill import drill, ready
from ha_patterns.stacks import ReferenceSettings
from ha_patterns.stacks.edge_stack import EdgeStack
from ha_patterns.stacks.sample_api import SampleApiStack
from ha_patterns.testing import TemplateSnapshotExtension
from ha_patterns.topology import Topology, load
from tools import docs, docs_patterns

from .conftest import STACKS, ReferenceApp, Templates
from .walk import Walk
from .ways import WAYS

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
# Actions that AWS grants on everything or not at all.
# IAM knows no resource for these.
WITHOUT_RESOURCES = ("ec2:DescribeManagedPrefixLists", "cloudwatch:GetMetricData", "cloudwatch:PutMetricData")


def _resources(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource for resource in template["Resources"].values() if resource["Type"] == kind]


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_is_named_after_its_pattern(stack: str) -> None:
    assert any(stack.startswith(f"{pattern.name}-") for pattern in CATALOG)


def test_every_stack_has_a_reviewed_template(reference: ReferenceApp) -> None:
    assert sorted(reference.stacks) == STACKS, "a new stack, or one that is gone: run make snapshots"


@pytest.mark.parametrize("stack", STACKS)
def test_the_template_is_the_reviewed_one(templates: Templates, stack: str, snapshot: SnapshotAssertion) -> None:
    reviewed = snapshot(extension_class=TemplateSnapshotExtension)
    assert templates[stack] == reviewed, "a new or changed template: run make snapshots, and review the files"


def test_a_template_that_was_not_reviewed_names_the_command(templates: Templates) -> None:
    def nothing(**_: Any) -> None:
        """No snapshot."""

    with pytest.raises(AssertionError, match="run make snapshots"):
        test_the_template_is_the_reviewed_one(templates, STACKS[0], nothing)  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", CATALOG, ids=lambda pattern: pattern.name)
def test_the_catalog_tells_the_failover_time_that_the_construct_computes(
    reference: ReferenceApp, pattern: Pattern
) -> None:
    construct = reference.constructs[pattern.name]

    told = construct.failover_time.to_seconds() if hasattr(construct, "failover_time") else None
    assert pattern.failover_seconds == told


@pytest.mark.parametrize("pattern", CATALOG, ids=lambda pattern: pattern.name)
def test_the_construct_named_in_the_catalog_is_the_one_at_the_heart_of_the_stacks(
    reference: ReferenceApp, pattern: Pattern
) -> None:
    assert type(reference.constructs[pattern.name]) is pattern.load_construct()


@pytest.mark.parametrize("pattern", CATALOG, ids=lambda pattern: pattern.name)
def test_the_edge_is_deployed_after_the_sample_origins(reference: ReferenceApp, pattern: Pattern) -> None:
    stacks = ReferenceApp(ReferenceSettings(patterns=(pattern,))).stacks
    origins = {name for name, stack in stacks.items() if isinstance(stack, SampleApiStack)}

    for name, stack in reference.stacks.items():
        if name in stacks and isinstance(stack, EdgeStack):
            assert origins <= {dependency.node.id for dependency in stack.dependencies}


@pytest.mark.parametrize("stack", STACKS)
def test_every_distribution_has_a_name_of_its_own_over_tls_in_both_address_families(
    templates: Templates, stack: str
) -> None:
    template = templates[stack]
    for distribution in _resources(template, "AWS::CloudFront::Distribution"):
        config = distribution["Properties"]["DistributionConfig"]
        [site] = config["Aliases"]

        assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
        records = [record["Properties"] for record in _resources(template, "AWS::Route53::RecordSet")]
        assert {"A", "AAAA"} == {record["Type"] for record in records if record["Name"] == f"{site}."}


def test_a_record_and_its_health_check_live_in_one_stack(templates: Templates) -> None:
    found = 0
    for name in STACKS:
        template = templates[name]
        for record in _resources(template, "AWS::Route53::RecordSet"):
            if check := record["Properties"].get("HealthCheckId"):
                assert template["Resources"][check["Ref"]]["Type"] == "AWS::Route53::HealthCheck"
                found += 1
    assert found > 0


def test_no_stack_exports_a_value_that_another_would_be_locked_to(templates: Templates) -> None:
    for name in STACKS:
        exported = [output for output in templates[name].get("Outputs", {}).values() if "Export" in output]
        assert exported == []


def test_every_policy_names_what_it_grants_access_to(templates: Templates) -> None:
    granted = [
        statement
        for name in STACKS
        for policy in _resources(templates[name], "AWS::IAM::Policy")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] not in WITHOUT_RESOURCES
    ]

    assert granted
    assert [statement for statement in granted if statement["Resource"] == "*" or "*" in statement["Action"]] == []


@pytest.mark.parametrize("stack", STACKS)
def test_a_template_for_the_placeholder_zone_refuses_to_be_deployed(validated_assembly: Path, stack: str) -> None:
    template = json.loads((validated_assembly / f"{stack}.template.json").read_text())
    [assertion] = template["Rules"]["PlaceholderZone"]["Assertions"]

    [accepted, given] = assertion["Assert"]["Fn::Contains"]
    assert given not in accepted
    assert "-c zone_name=" in assertion["AssertDescription"]


@pytest.mark.parametrize("stack", STACKS)
def test_a_template_for_a_real_zone_has_no_such_rule(templates: Templates, stack: str) -> None:
    assert "PlaceholderZone" not in templates[stack].get("Rules", {})


def test_settings_of_one_pattern_build_that_pattern_alone() -> None:
    one = ReferenceApp(ReferenceSettings(patterns=CATALOG[:1]))

    assert one.stacks
    assert all(name.startswith(f"{CATALOG[0].name}-") for name in one.stacks)


@pytest.fixture(scope="session")
def validated_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """cdk synth of the whole app by the real CLI, with the CDK's own validation and cdk-nag in it."""
    folder = tmp_path_factory.mktemp("assembly") / "cdk.out"
    environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    done = subprocess.run(
        ["cdk", "synth", "--quiet", "--output", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    (folder / "cli-output.txt").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_validation_and_cdk_nag_have_nothing_to_say(validated_assembly: Path) -> None:
    said = (validated_assembly / "cli-output.txt").read_text()

    assert "Successfully synthesized" in said
    assert "AwsSolutions" not in said
    assert "warning" not in said.lower()


def test_the_checks_have_nothing_to_say(validated_assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(validated_assembly), "--fail-on", "warning"]) == 0

    [said] = capsys.readouterr().out.splitlines()
    assert said.startswith("clean: ")
    assert "1 acknowledged" in said


@pytest.fixture(scope="module")
def topology(validated_assembly: Path) -> Topology:
    return load(validated_assembly)


def test_users_ask_one_name_of_each_pattern(topology: Topology) -> None:
    names = [str(entry.name).removeprefix("*.") for entry in topology.entries]

    assert sorted(names) == sorted(f"{pattern}.example.com" for pattern in WAYS)
    assert set(WAYS) == set(BY_NAME)


@pytest.mark.parametrize(
    ("pattern", "path", "method"), [(pattern, *way) for pattern, ways in WAYS.items() for way in ways]
)
def test_a_request_gets_to_what_the_description_says(topology: Topology, pattern: str, path: str, method: str) -> None:
    [entry] = [one for one in topology.entries if str(one.name).removeprefix("*.") == f"{pattern}.example.com"]

    assert list(Walk(topology, path, method).from_name(entry)) == WAYS[pattern][path, method]


@pytest.mark.parametrize("pattern", ready.names())
def test_a_pattern_meets_the_objectives_of_its_ready_drill(topology: Topology, pattern: str) -> None:
    assert pattern in BY_NAME

    result = drill(topology, scenario=ready.path_of(pattern), stack=f"{pattern}-*")

    assert [verdict.measured for verdict in result.verdicts() if not verdict.met] == []
    assert [site.name for site in result.sites] == [f"{pattern}.example.com"]


def test_the_documents_are_not_stale(validated_assembly: Path) -> None:
    """Here, since what they are drawn out of takes long to synthesize."""
    assembly = docs_patterns.Assembly.of(validated_assembly)
    pages = docs_patterns.pages(assembly)
    readme = docs.README.read_text(encoding="utf-8")
    written = {path.name: path.read_text(encoding="utf-8") for path in docs.PATTERNS.iterdir()}

    assert docs.rendered(readme, docs.sections(assembly)) == readme, "run make docs"
    assert pages == written, "run make docs"
    assert [name for name, text in pages.items() if re.search("[0-9a-f]{32}", text)] == []


def test_cfn_lint_has_nothing_to_say(reference: ReferenceApp, validated_assembly: Path) -> None:
    """Each template is judged by the types of the Region that it is for."""
    templates: dict[str, list[str]] = {}
    for name, stack in reference.stacks.items():
        templates.setdefault(stack.region, []).append(str(validated_assembly / f"{name}.template.json"))
    for region, paths in templates.items():
        done = subprocess.run(
            [Path(sys.executable).with_name("cfn-lint"), "--regions", region, "--", *sorted(paths)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

        assert (done.stdout + done.stderr).strip() == ""
        assert done.returncode == 0
    found = {str(path) for path in validated_assembly.glob("*.template.json")}
    assert found == {path for paths in templates.values() for path in paths}


def _kept(templates: Templates) -> list[dict[str, Any]]:
    resources = [each for name in STACKS for each in templates[name]["Resources"].values()]
    return [each for each in resources if each.get("DeletionPolicy", "Delete") != "Delete"]


def test_the_readme_lists_what_stays_after_a_destroy(templates: Templates) -> None:
    _, table = Path(__file__).parents[2].joinpath("README.md").read_text().split("| what stays |", 1)
    listed = re.findall(r"`(AWS::\w+::\w+)`", table.split("\n\n", 1)[0])

    assert sorted(listed) == sorted({resource["Type"] for resource in _kept(templates)})


def test_the_readme_lists_the_records_of_certificates_which_no_template_has(templates: Templates) -> None:
    """CloudFormation makes them in the zone, and does not delete them."""
    validated = {
        option["HostedZoneId"]
        for name in STACKS
        for certificate in _resources(templates[name], "AWS::CertificateManager::Certificate")
        for option in certificate["Properties"]["DomainValidationOptions"]
    }
    _, table = Path(__file__).parents[2].joinpath("README.md").read_text().split("| what stays |", 1)

    assert len(validated) == 1
    assert "CNAME records" in table.split("\n\n", 1)[0]


def test_what_stays_under_a_fixed_name_can_be_taken_over(templates: Templates) -> None:
    """By CloudFormation's rules: the name is plain text; and a first deploy that fails must leave nothing."""
    named = [
        (resource["Type"], resource["DeletionPolicy"], type(resource["Properties"][name]))
        for resource in _kept(templates)
        for name in ("BucketName", "LogGroupName", "TableName", "FunctionName", "Name")
        if name in resource["Properties"] and resource["Type"] != "AWS::Lambda::Version"
    ]

    assert set(named) == {
        ("AWS::Logs::LogGroup", "RetainExceptOnCreate", str),
        ("AWS::S3::Bucket", "RetainExceptOnCreate", str),
    }
