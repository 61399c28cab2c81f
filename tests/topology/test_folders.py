"""Folders with templates in them, and files that are no templates among those that are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ha_patterns.topology import Bucket, GivenTemplate, SkippedFile, TemplateError, Topology, load

_TEMPLATE = "Resources: {A: {Type: AWS::S3::Bucket}}\n"
_NO_RESOURCES = "is no template: it has no Resources"


def _written(folder: Path, **files: str) -> Path:
    """A folder with files; two underscores in a name are a slash, and one is a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _stacks(topology: Topology) -> list[str]:
    return [stack.id for stack in topology.stacks]


def test_every_template_of_a_folder_is_read_and_called_by_its_way_there(tmp_path: Path) -> None:
    folder = _written(
        tmp_path, b_yaml=_TEMPLATE, a_json=json.dumps({"Resources": {}}), shop__app_yml=_TEMPLATE, c_template=_TEMPLATE
    )

    assert _stacks(load(folder)) == ["a", "b", "c", "shop/app"]


def test_templates_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    folder = _written(tmp_path, orders__template_yaml=_TEMPLATE, users__template_yaml=_TEMPLATE)

    topology = load(folder)

    assert _stacks(topology) == ["orders/template", "users/template"]
    assert {stack.name for stack in topology.stacks} == {"template"}


def test_what_is_no_template_is_skipped_with_the_reason(tmp_path: Path) -> None:
    folder = _written(
        tmp_path,
        app_yaml=_TEMPLATE,
        list_json="[]",
        package_json="{}",
        chart_yaml="a: {{ .Values.a }}: b",
        readme_md="#",
    )

    topology = load(folder)

    assert _stacks(topology) == ["app"]
    assert [skipped.path.name for skipped in topology.skipped] == ["chart.yaml", "list.json", "package.json"]
    assert topology.skipped[1:] == (
        SkippedFile(path=folder / "list.json", message="is no template: it is not an object"),
        SkippedFile(path=folder / "package.json", message=_NO_RESOURCES),
    )
    assert str(topology.skipped[2]) == f"{folder / 'package.json'}: {_NO_RESOURCES}"


def test_a_template_with_a_mistake_in_it_is_not_passed_over(tmp_path: Path) -> None:
    broken = _written(tmp_path, app_yaml=_TEMPLATE, site_yaml="Resources: {A: {Type: AWS::S3::Bucket}\n")

    with pytest.raises(TemplateError, match=r"site\.yaml:\d+: "):
        load(broken)
    with pytest.raises(TemplateError, match=r"site\.yaml:\d+: "):
        load(broken / "app.yaml", broken / "site.yaml")


def test_a_template_with_a_mistake_in_it_is_skipped_only_if_that_is_wanted(tmp_path: Path) -> None:
    broken = _written(tmp_path, app_yaml=_TEMPLATE, site_yaml="Resources: {A: {Type: AWS::S3::Bucket}\n")

    for paths in ([broken], [broken / "app.yaml", broken / "site.yaml"]):
        topology = load(*paths, skip_unreadable=True)

        assert _stacks(topology) == ["app"]
        [skipped] = topology.skipped
        assert (skipped.path, skipped.unreadable) == (broken / "site.yaml", True)
        assert str(skipped).startswith(f"{broken / 'site.yaml'}:2: ")
    with pytest.raises(TemplateError, match=r"site\.yaml:2: "):
        load(broken / "site.yaml", skip_unreadable=True)


def test_what_is_hidden_or_installed_is_not_looked_at(tmp_path: Path) -> None:
    folder = _written(
        tmp_path,
        app_yaml=_TEMPLATE,
        **{".github__a_yaml": _TEMPLATE, "node_modules__a_json": "{}", "venv__pyvenv_cfg": "", "venv__a_json": "{}"},
    )
    (folder / "node.modules").rename(folder / "node_modules")
    (folder / ".hidden.yaml").write_text(_TEMPLATE, encoding="utf-8")

    topology = load(folder)

    assert (_stacks(topology), topology.skipped) == (["app"], ())


def test_cloud_assemblies_within_a_folder_are_read_as_such(tmp_path: Path) -> None:
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Site.template.json"}}
    manifest = json.dumps({"artifacts": {"Site": artifact}})
    folder = _written(
        tmp_path, app_yaml=_TEMPLATE, out__manifest_json=manifest, out__Site_template_json='{"Resources": {}}'
    )

    assert _stacks(load(folder)) == ["app", "Site"]


def test_a_manifest_of_another_program_makes_no_cloud_assembly(tmp_path: Path) -> None:
    folder = _written(tmp_path, app_yaml=_TEMPLATE, manifest_json='{"name": "a web app", "version": "1"}')

    topology = load(folder)

    assert _stacks(topology) == ["app"]
    assert [skipped.path.name for skipped in topology.skipped] == ["manifest.json"]


def test_a_template_that_another_one_of_the_folder_nests_is_read_once(tmp_path: Path) -> None:
    parent = "Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./parts/inner.yaml}}}"
    folder = _written(tmp_path, main_yaml=parent, parts__inner_yaml=_TEMPLATE)

    for given in (folder, GivenTemplate(path=folder, parameters={"AWS::Region": "eu-west-1"})):
        assert _stacks(load(given)) == ["main", "main/Inner"]


def test_a_folder_is_given_again_for_another_region(tmp_path: Path) -> None:
    folder = _written(tmp_path, app_yaml=_TEMPLATE, package_json="{}")

    copies = [GivenTemplate(path=folder, parameters={"AWS::Region": region}) for region in ("eu-west-1", "us-east-1")]
    topology = load(*copies)

    assert _stacks(topology) == ["app (eu-west-1)", "app (us-east-1)"]
    assert len(topology.skipped) == 1


def test_a_folder_without_a_template_is_refused_with_what_is_in_it(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="is no cloud assembly, and has no template in it; run cdk synth first"):
        load(tmp_path)
    with pytest.raises(TemplateError, match="none of its 2 files in JSON and YAML is a template"):
        load(_written(tmp_path, package_json="{}", tsconfig_json="{}"))


def test_a_folder_with_very_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_patterns.topology.folders._MOST_FILES", 2)
    folder = _written(tmp_path, a_yaml=_TEMPLATE, b_yaml=_TEMPLATE)
    assert len(load(folder).of(Bucket)) == 2

    with pytest.raises(TemplateError, match="has more than 2 files in JSON and YAML: name the templates in it"):
        load(_written(folder, c__c_yaml=_TEMPLATE))


def test_symbolic_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    folder = _written(tmp_path, app_yaml=_TEMPLATE)
    (folder / "again").symlink_to(folder)
    (folder / "gone.yaml").symlink_to(folder / "nowhere")

    assert _stacks(load(folder)) == ["app"]


def test_a_file_is_skipped_among_others_and_refused_alone(tmp_path: Path) -> None:
    folder = _written(tmp_path, app_yaml=_TEMPLATE, package_json="{}", tsconfig_json="{}")
    app, package, tsconfig = (folder / name for name in ("app.yaml", "package.json", "tsconfig.json"))

    topology = load(package, app)

    assert _stacks(topology) == ["app"]
    assert topology.skipped == (SkippedFile(path=package, message=_NO_RESOURCES),)
    with pytest.raises(TemplateError, match=r"package\.json: is no template: it has no Resources$"):
        load(package)
    with pytest.raises(
        TemplateError, match=r"package\.json: is no template: it has no Resources; nor is any of the 1 "
    ):
        load(package, tsconfig)


def test_a_file_that_is_given_with_parameters_has_to_be_a_template(tmp_path: Path) -> None:
    folder = _written(tmp_path, app_yaml=_TEMPLATE, package_json="{}")

    with pytest.raises(TemplateError, match=_NO_RESOURCES):
        load(folder / "app.yaml", GivenTemplate(path=folder / "package.json", parameters={"AWS::Region": "eu-west-1"}))


def test_a_file_that_is_not_there_is_never_skipped(tmp_path: Path) -> None:
    folder = _written(tmp_path, app_yaml=_TEMPLATE)

    with pytest.raises(TemplateError, match="cannot be read"):
        load(folder / "app.yaml", folder / "gone.yaml")
    with pytest.raises(TemplateError, match="cannot be read"):
        load(folder / "app.yaml", folder / "gone.yaml", skip_unreadable=True)
