"""The part of ``ha_patterns.testing`` that needs the CDK."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Stack, Stage
from aws_cdk.cx_api import CloudAssembly

from ..cdk.typed import typed
from ..topology import StackTemplate, Topology, load, load_stacks


@typed
def topology_of(scope: Stage | Stack) -> Topology:
    """The topology of an app, a stage or a stack, for the checks.

    The app is synthesized, unless it was before: make everything that is in it first.

    Example::

        def test_the_site_fails_over() -> None:
            app = cdk.App()
            Site(app, "Site")
            assert check(topology_of(app)).at_least(Severity.WARNING) == ()

    Args:
        scope: An app or a stage, with all its stacks; or a stack, with those nested in it. What a stack alone has from
            another stack is unresolved.

    Raises:
        ValueError: Something else.
        RuntimeError: The CDK cannot synthesize the app.
    """
    root = scope.node.root
    if isinstance(root, Stage):
        # What is in another stage may be synthesized with the whole app only.
        root.synth()
    if isinstance(scope, Stage):
        return load(scope.synth().directory)
    stack = scope
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    stage = Stage.of(stack)
    assert stage is not None
    return load_stacks([_template(stage.synth(), stack)])


def _template(assembly: CloudAssembly, stack: Stack) -> StackTemplate:
    artifact = assembly.get_stack_artifact(stack.artifact_id)
    told = artifact.manifest.additional_metadata_file
    return StackTemplate(
        path=Path(artifact.template_full_path),
        id=stack.node.path,
        name=artifact.stack_name,
        account=artifact.environment.account,
        region=artifact.environment.region,
        constructs=Path(assembly.directory, told) if told else None,
    )
