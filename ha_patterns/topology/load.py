"""Cloud assemblies and templates, loaded into a topology."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import sam
from .files import DEFAULT_SIZE, TemplateError, read_document
from .hosts import follow
from .reader import Reader
from .readers import READERS
from .templates import Stack, Template, Templates
from .topology import Topology
from .values import ASSET, ResourceId, Unresolved

#: What stands in a cloud assembly's environment for an account or Region that nobody has told.
_UNKNOWN = ("unknown-account", "unknown-region", "current_account", "current_region", "")
_NESTED = "AWS::CloudFormation::Stack"
_DEEPEST_NESTING = 16
_MANIFEST = "manifest.json"


def load(
    *paths: Path | str, parameters: Mapping[str, str] | None = None, max_template_size: int = DEFAULT_SIZE
) -> Topology:
    """The topology of cloud assemblies and templates, read together.

    >>> topology = load("cdk.out")                                          # doctest: +SKIP
    >>> [group.status_codes for group in topology.of(OriginGroup)]          # doctest: +SKIP

    Args:
        paths: Folders that ``cdk synth`` has written, and templates in JSON or YAML, of CloudFormation or SAM.
        parameters: What parameters of the templates are set to, by name; ``AWS::Region`` and other pseudo parameters
            too, for templates that do not tell their Region. Default: what the templates have as defaults.
        max_template_size: The largest file that is read, in bytes. Default 32 MiB.

    Raises:
        TemplateError: A file that cannot be read, or is no template; a folder without a cloud assembly.

    See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
    """
    loading = _Loading(dict(parameters or {}), max_template_size)
    for path in paths:
        loading.add(Path(path))
    return loading.topology()


@dataclass(frozen=True, kw_only=True)
class StackTemplate:
    """A stack of which somebody else knows where its template is, as the CDK does at synth.

    Attributes:
        path: The template.
        id: How messages name the stack.
        name: As CloudFormation has it.
        account: Where it is deployed; None where nobody has said.
        region: Likewise.
    """

    path: Path
    id: str
    name: str
    account: str | None = None
    region: str | None = None


def load_stacks(stacks: Iterable[StackTemplate], *, max_template_size: int = DEFAULT_SIZE) -> Topology:
    """The topology of stacks that are read together.

    Raises:
        TemplateError: A template that cannot be read.
    """
    loading = _Loading({}, max_template_size)
    for stack in stacks:
        loading.add_stack(stack)
    return loading.topology()


class _Loading:
    """What is loaded together."""

    def __init__(self, parameters: dict[str, Any], max_size: int) -> None:
        self._parameters = parameters
        self._max_size = max_size
        self._templates: list[Template] = []
        self._ids: set[str] = set()
        self._not_expanded: dict[str, str] = {}
        self._assets = _Assets(max_size)

    def add(self, path: Path) -> None:
        """Take in a folder or a file."""
        if path.is_dir():
            self._add_assembly(path)
        else:
            self._templates.append(self._template(path, name=_stem(path)))

    def add_stack(self, stack: StackTemplate, constructs: Path | None = None) -> None:
        """Take in a template whose stack is known."""
        self._templates.append(
            self._template(
                stack.path,
                name=stack.name,
                shown=stack.id,
                account=_known(stack.account),
                region=_known(stack.region),
                constructs=constructs,
            )
        )

    def topology(self) -> Topology:
        """All that was taken in."""
        templates = Templates(self._templates)
        self._nest(templates)
        reader = Reader(templates, READERS, self._assets.folder)
        things = reader.read_all()
        follow(reader, things)
        counts = Counter(
            str(resource.get("Type")) for template in templates.all for resource in template.resources.values()
        )
        return Topology(
            stacks=tuple(template.stack for template in templates.all),
            things=tuple(things),
            counts=dict(sorted(counts.items())),
            not_expanded=self._not_expanded,
        )

    def _add_assembly(self, folder: Path) -> None:
        waiting = [folder]
        seen: set[Path] = set()
        found = False
        while waiting:
            one = waiting.pop(0)
            if one.resolve() in seen:
                continue
            seen.add(one.resolve())
            manifest = one / _MANIFEST
            if not manifest.is_file():
                remedy = "run cdk synth first, or name the templates in it"
                raise TemplateError(one, f"is no cloud assembly: it has no {_MANIFEST}; {remedy}")
            artifacts = read_document(manifest, self._max_size).get("artifacts")
            for artifact_id, artifact in artifacts.items() if isinstance(artifacts, dict) else ():
                if not isinstance(artifact, dict):
                    continue
                properties = artifact.get("properties")
                properties = properties if isinstance(properties, dict) else {}
                if artifact.get("type") == "aws:cloudformation:stack" and "templateFile" in properties:
                    found = True
                    self._add_artifact(one, artifact_id, artifact, properties)
                elif artifact.get("type") == "cdk:cloud-assembly" and "directoryName" in properties:
                    waiting.append(_inside(one, properties["directoryName"], manifest))
        if not found:
            raise TemplateError(folder, "is a cloud assembly without a stack")

    def _add_artifact(self, folder: Path, artifact_id: str, artifact: Any, properties: Any) -> None:
        account, region = _environment(artifact.get("environment"))
        told = artifact.get("additionalMetadataFile")
        manifest = folder / _MANIFEST
        self.add_stack(
            StackTemplate(
                path=_inside(folder, properties["templateFile"], manifest),
                id=str(artifact.get("displayName") or artifact_id),
                name=str(properties.get("stackName") or artifact_id),
                account=account,
                region=region,
            ),
            constructs=_inside(folder, told, manifest) if isinstance(told, str) else None,
        )

    def _template(
        self,
        path: Path,
        *,
        name: str,
        shown: str | None = None,
        account: str | None = None,
        region: str | None = None,
        constructs: Path | None = None,
        nested_in: Stack | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> Template:
        document = read_document(path, self._max_size)
        resources = document.get("Resources")
        if not isinstance(resources, dict):
            raise TemplateError(path, "is no template: it has no Resources")
        stack_id = self._unique(shown or name)
        stack = Stack(
            id=stack_id,
            name=name,
            region=self._told("AWS::Region", region),
            account=self._told("AWS::AccountId", account),
            template=path,
            constructs=constructs,
            nested_in=nested_in,
        )
        if sam.is_sam(document):
            resources, left = sam.expand(document, resources)
            self._not_expanded |= {f"{stack_id}/{logical_id}": why for logical_id, why in left.items()}
        template = Template(
            stack=stack,
            document=document,
            resources={},
            given={**self._parameters, **(given or {})},
        )
        template.resources = dict(self._created(template, resources))
        return template

    def _created(self, template: Template, resources: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The resources that a template makes, but for those whose condition does not hold."""
        # The conditions know no resources; a resolver without any works them out.
        conditions = Templates([template]).resolver(template.stack.id)
        for logical_id, resource in resources.items():
            if logical_id.startswith("Fn::"):
                name = logical_id.split("::")[1]
                self._not_expanded[f"{template.stack.id}/{logical_id}"] = (
                    f"Fn::{name} makes resources when it is deployed"
                )
            elif isinstance(resource, dict) and isinstance(resource.get("Type"), str):
                condition = resource.get("Condition")
                if not isinstance(condition, str) or conditions.condition(condition) is not False:
                    yield logical_id, resource

    def _told(self, name: str, known: str | None) -> str | Unresolved:
        told = self._parameters.get(name, known)
        return told if isinstance(told, str) else Unresolved(name)

    def _unique(self, name: str) -> str:
        unique, count = name, 1
        while unique in self._ids:
            count += 1
            unique = f"{name} ({count})"
        self._ids.add(unique)
        return unique

    def _nest(self, templates: Templates) -> None:
        """Read the templates of nested stacks, with what their parents give them."""
        depth: dict[str, int] = {}
        for template, logical_id in iter(list(templates.of_type(_NESTED))):
            self._nest_one(templates, template, logical_id, depth)

    def _nest_one(self, templates: Templates, template: Template, logical_id: str, depth: dict[str, int]) -> None:
        waiting = [(template, logical_id)]
        while waiting:
            parent, one = waiting.pop()
            path = _nested_template(parent, one, self._assets)
            level = depth.get(parent.stack.id, 0) + 1
            if path is None or level > _DEEPEST_NESTING:
                self._not_expanded[f"{parent.stack.id}/{one}"] = "the template of the nested stack is not at hand"
                continue
            resolver = templates.resolver(parent.stack.id)
            given = parent.properties(one).get("Parameters")
            values = {key: resolver.resolve(raw) for key, raw in given.items()} if isinstance(given, dict) else {}
            nested = self._template(
                path,
                name=f"{parent.stack.name}-{one}",
                shown=f"{parent.stack.id}/{one}",
                account=_plain(parent.stack.account),
                region=_plain(parent.stack.region),
                constructs=parent.stack.constructs,
                nested_in=parent.stack,
                given=values,
            )
            depth[nested.stack.id] = level
            templates.nest(ResourceId(parent.stack.id, one), nested)
            waiting += [(nested, inner) for inner, raw in nested.resources.items() if raw.get("Type") == _NESTED]


class _Assets:
    """Finds the files that a cloud assembly has beside its templates, by the hash in their keys."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._manifests: dict[Path, Mapping[str, Any]] = {}

    def folder(self, template: Template, key: str) -> Path | None:
        """The folder with the code of a function."""
        path = self._path(template, key)
        return path if path is not None and path.is_dir() else None

    def file(self, template: Template, key: str) -> Path | None:
        """The template of a nested stack."""
        path = self._path(template, key)
        return path if path is not None and path.is_file() else None

    def _path(self, template: Template, key: str) -> Path | None:
        file = template.stack.template
        manifest = file.with_name(file.name.split(".")[0] + ".assets.json")
        if manifest not in self._manifests:
            self._manifests[manifest] = self._files(manifest)
        told = self._manifests[manifest].get(key)
        source = told.get("source") if isinstance(told, dict) else None
        path = source.get("path") if isinstance(source, dict) else None
        return _below(file.parent, path if isinstance(path, str) else f"asset.{key}")

    def _files(self, manifest: Path) -> Mapping[str, Any]:
        if not manifest.is_file():
            return {}
        files = read_document(manifest, self._max_size).get("files")
        return files if isinstance(files, dict) else {}


def _environment(environment: object) -> tuple[str | None, str | None]:
    """Account and Region of ``aws://account/region``."""
    parts = environment.removeprefix("aws://").split("/") if isinstance(environment, str) else []
    if len(parts) != 2:
        return None, None
    return parts[0], parts[1]


def _known(part: str | None) -> str | None:
    """An account or Region, where somebody has told it, and not only that it is not known."""
    return None if part is None or part in _UNKNOWN or "${" in part else part


def _inside(folder: Path, name: object, manifest: Path) -> Path:
    """A file that a manifest names: of its folder, or of one below or beside it, as stages have."""
    if not isinstance(name, str) or not name or "\0" in name or Path(name).is_absolute():
        raise TemplateError(manifest, f"names a file that is none: {str(name)[:80]!r}")
    return folder / name


def _nested_template(parent: Template, logical_id: str, assets: _Assets) -> Path | None:
    """The file of a nested stack, where it lies beside its parent's."""
    metadata = parent.resources[logical_id].get("Metadata")
    url = parent.properties(logical_id).get("TemplateURL")
    named = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
    for name in (named, url):
        path = _below(parent.stack.template.parent, name) if isinstance(name, str) and "://" not in name else None
        if path is not None and path.is_file():
            return path
    # The key of an asset is its hash, wherever the URL has it.
    key = ASSET.search(json.dumps(url, default=str))
    return assets.file(parent, key[1]) if key else None


def _below(folder: Path, name: str) -> Path | None:
    """A file of a folder, or of one below it; None where it would be elsewhere."""
    if not name or "\0" in name or not (folder / name).resolve().is_relative_to(folder.resolve()):
        return None
    return folder / name


def _plain(value: str | Unresolved) -> str | None:
    return value if isinstance(value, str) else None


def _stem(path: Path) -> str:
    return path.name.removesuffix(path.suffix).removesuffix(".template") or path.name
