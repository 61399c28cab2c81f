"""Cloud assemblies and templates, loaded into a topology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import sam
from .files import DEFAULT_SIZE, TemplateError, read_document
from .hosts import follow
from .reader import Reader
from .readers import READERS
from .templates import Stack, Template, Templates
from .topology import Topology
from .values import ResourceId, Unresolved

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


class _Loading:
    """What is loaded together."""

    def __init__(self, parameters: dict[str, Any], max_size: int) -> None:
        self._parameters = parameters
        self._max_size = max_size
        self._templates: list[Template] = []
        self._ids: set[str] = set()
        self._not_expanded: dict[str, str] = {}

    def add(self, path: Path) -> None:
        """Take in a folder or a file."""
        if path.is_dir():
            self._add_assembly(path)
        else:
            self._templates.append(self._template(path, name=_stem(path)))

    def topology(self) -> Topology:
        """All that was taken in."""
        templates = Templates(self._templates)
        self._nest(templates)
        reader = Reader(templates, READERS, _Assets())
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
                    self._add_stack(one, artifact_id, artifact, properties)
                elif artifact.get("type") == "cdk:cloud-assembly" and "directoryName" in properties:
                    waiting.append(_inside(one, properties["directoryName"], manifest))
        if not found:
            raise TemplateError(folder, "is a cloud assembly without a stack")

    def _add_stack(self, folder: Path, artifact_id: str, artifact: Any, properties: Any) -> None:
        account, region = _environment(artifact.get("environment"))
        metadata = artifact.get("additionalMetadataFile")
        self._templates.append(
            self._template(
                _inside(folder, properties["templateFile"], folder / _MANIFEST),
                name=str(properties.get("stackName") or artifact_id),
                shown=str(artifact.get("displayName") or artifact_id),
                account=account,
                region=region,
                metadata=_inside(folder, metadata, folder / _MANIFEST) if isinstance(metadata, str) else None,
            )
        )

    def _template(
        self,
        path: Path,
        *,
        name: str,
        shown: str | None = None,
        account: str | None = None,
        region: str | None = None,
        metadata: Path | None = None,
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
            metadata=metadata,
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
            path = _nested_template(parent, one)
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
                metadata=parent.metadata,
                nested_in=parent.stack,
                given=values,
            )
            depth[nested.stack.id] = level
            templates.nest(ResourceId(parent.stack.id, one), nested)
            waiting += [(nested, inner) for inner, raw in nested.resources.items() if raw.get("Type") == _NESTED]


class _Assets:
    """Finds the folders with code that a cloud assembly has."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, str], Path | None] = {}

    def __call__(self, template: Template, key: str) -> Path | None:
        folder = template.stack.template.parent
        if (folder, key) not in self._known:
            path = folder / f"asset.{key}"
            self._known[folder, key] = path if path.is_dir() else None
        return self._known[folder, key]


def _environment(environment: object) -> tuple[str | None, str | None]:
    """Account and Region of ``aws://account/region``, where they are known."""
    parts = environment.removeprefix("aws://").split("/") if isinstance(environment, str) else []
    if len(parts) != 2:
        return None, None
    account, region = (None if part in _UNKNOWN else part for part in parts)
    return account, region


def _inside(folder: Path, name: object, manifest: Path) -> Path:
    """A file that a manifest names: of its folder, or of one below or beside it, as stages have."""
    if not isinstance(name, str) or not name or "\0" in name or Path(name).is_absolute():
        raise TemplateError(manifest, f"names a file that is none: {str(name)[:80]!r}")
    return folder / name


def _nested_template(parent: Template, logical_id: str) -> Path | None:
    """The file of a nested stack, where it lies beside its parent's."""
    resource = parent.resources[logical_id]
    metadata = resource.get("Metadata")
    url = parent.properties(logical_id).get("TemplateURL")
    named = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
    folder = parent.stack.template.parent
    for name in (named, url):
        if isinstance(name, str) and "://" not in name and "\0" not in name and not Path(name).is_absolute():
            path = folder / name
            if path.resolve().is_relative_to(folder.resolve()) and path.is_file():
                return path
    return None


def _plain(value: str | Unresolved) -> str | None:
    return value if isinstance(value, str) else None


def _stem(path: Path) -> str:
    return path.name.removesuffix(path.suffix).removesuffix(".template") or path.name
