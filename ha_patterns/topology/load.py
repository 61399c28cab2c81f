"""Cloud assemblies and templates, loaded into a topology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import sam
from .files import DEFAULT_SIZE, TemplateError, read_document
from .hosts import follow
from .intrinsics import MISSING
from .reader import Reader
from .readers import READERS
from .templates import Stack, Template, Templates
from .topology import Topology
from .values import ResourceId, Unresolved, concatenate

#: What stands in a cloud assembly's environment for an account or Region that nobody has told.
_UNKNOWN = ("unknown-account", "unknown-region", "current_account", "current_region", "")
_NESTED = "AWS::CloudFormation::Stack"
_DEEPEST_NESTING = 16
#: Of a template that nests itself or others again and again, there is no end.
_MOST_NESTED = 1_000
_MANIFEST = "manifest.json"
_LONGEST_NAME = 4_096


def load(
    *paths: Path | str, parameters: Mapping[str, str] | None = None, max_template_size: int = DEFAULT_SIZE
) -> Topology:
    """The topology of cloud assemblies and templates, read together.

    >>> topology = load("cdk.out")                                          # doctest: +SKIP
    >>> [group.status_codes for group in topology.of(OriginGroup)]          # doctest: +SKIP

    Args:
        paths: Folders that ``cdk synth`` has written, and templates in JSON or YAML, of CloudFormation or SAM.
        parameters: What parameters of the templates are set to, by name; ``AWS::Region`` and other pseudo parameters
            too, for what is not in a cloud assembly that tells them. Default: what the templates have as defaults.
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
        self._nested = 0

    def add(self, path: Path) -> None:
        """Take in a folder or a file."""
        if _is_folder(path):
            self._add_assembly(path)
        else:
            self._templates.append(self._template(path, name=_stem(path), root=path.parent))

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

    def _add_assembly(self, root: Path) -> None:
        waiting = [root]
        seen: set[Path] = set()
        found = False
        while waiting:
            folder = waiting.pop(0)
            if folder.resolve() in seen:
                continue
            seen.add(folder.resolve())
            manifest = folder / _MANIFEST
            if not manifest.is_file():
                remedy = "run cdk synth first, or name the templates in it"
                raise TemplateError(folder, f"is no cloud assembly: it has no {_MANIFEST}; {remedy}")
            artifacts = read_document(manifest, self._max_size).get("artifacts")
            for artifact_id, artifact in artifacts.items() if isinstance(artifacts, dict) else ():
                if not isinstance(artifact, dict):
                    continue
                properties = artifact.get("properties")
                properties = properties if isinstance(properties, dict) else {}
                if artifact.get("type") == "aws:cloudformation:stack" and "templateFile" in properties:
                    found = True
                    self._add_stack(folder, root, artifact_id, artifact, properties)
                elif artifact.get("type") == "cdk:cloud-assembly" and "directoryName" in properties:
                    waiting.append(_inside(folder, properties["directoryName"], root))
        if not found:
            raise TemplateError(root, "is a cloud assembly without a stack")

    def _add_stack(self, folder: Path, root: Path, artifact_id: str, artifact: Any, properties: Any) -> None:
        account, region = _environment(artifact.get("environment"))
        metadata = artifact.get("additionalMetadataFile")
        given = properties.get("parameters")
        self._templates.append(
            self._template(
                _inside(folder, properties["templateFile"], root),
                name=str(properties.get("stackName") or artifact_id),
                root=root,
                shown=str(artifact.get("displayName") or artifact_id),
                account=account,
                region=region,
                metadata=_inside(folder, metadata, root) if isinstance(metadata, str) else None,
                given={**(given if isinstance(given, dict) else {}), **self._parameters},
            )
        )

    def _template(
        self,
        path: Path,
        *,
        name: str,
        root: Path,
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
            region=region or self._told("AWS::Region"),
            account=account or self._told("AWS::AccountId"),
            template=path,
            nested_in=nested_in,
        )
        names: Mapping[str, str] = {}
        if sam.is_sam(document):
            expansion = sam.expand(document, resources)
            resources, names = expansion.resources, expansion.names
            self._not_expanded |= {f"{stack_id}/{logical_id}": why for logical_id, why in expansion.left.items()}
        template = Template(
            stack=stack,
            document=document,
            resources={},
            given=self._parameters if given is None else given,
            root=root,
            names=names,
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

    def _told(self, name: str) -> str | Unresolved:
        told = self._parameters.get(name)
        return told if isinstance(told, str) and told else Unresolved(name)

    def _unique(self, name: str) -> str:
        unique, count = name, 1
        while unique in self._ids:
            count += 1
            unique = f"{name} ({count})"
        self._ids.add(unique)
        return unique

    def _nest(self, templates: Templates) -> None:
        """Read the templates of nested stacks, with what their parents give them."""
        waiting = [(template, logical_id, 1) for template, logical_id in templates.of_type(_NESTED)]
        waiting.reverse()
        while waiting:
            parent, one, level = waiting.pop()
            path = _nested_template(parent, one)
            if path is None or level > _DEEPEST_NESTING or self._nested >= _MOST_NESTED:
                why = "is not at hand" if path is None else "is nested too deeply, or one of too many"
                self._not_expanded[f"{parent.stack.id}/{one}"] = f"the template of the nested stack {why}"
                continue
            self._nested += 1
            nested = self._nested_stack(templates, parent, one, path)
            templates.nest(ResourceId(parent.stack.id, one), nested)
            waiting += [
                (nested, inner, level + 1) for inner, raw in nested.resources.items() if raw.get("Type") == _NESTED
            ]
        templates.forget()

    def _nested_stack(self, templates: Templates, parent: Template, logical_id: str, path: Path) -> Template:
        return self._template(
            path,
            name=f"{parent.stack.name}-{logical_id}",
            root=parent.root,
            shown=f"{parent.stack.id}/{logical_id}",
            account=_plain(parent.stack.account),
            region=_plain(parent.stack.region),
            metadata=parent.metadata,
            nested_in=parent.stack,
            given=_FromParent(templates, parent, logical_id),
        )


class _FromParent(Mapping[str, Any]):
    """The parameters of a nested stack, worked out when they are asked for: siblings may be read later.

    A parent's pseudo parameters are its nested stacks' too; its other parameters are not.
    """

    def __init__(self, templates: Templates, parent: Template, logical_id: str) -> None:
        self._resolver = templates.resolver(parent.stack.id)
        given = self._resolver.step(parent.properties(logical_id).get("Parameters"), ())[0]
        given = given if isinstance(given, dict) else {}
        self._raw = {name: raw for name, raw in given.items() if raw != {"Ref": "AWS::NoValue"}}
        self._pseudo = {name: parent.given[name] for name in parent.given if name.startswith("AWS::")}
        self._names = dict.fromkeys((*self._pseudo, *self._raw))

    def __getitem__(self, name: str) -> Any:
        if name not in self._raw:
            return self._pseudo[name]
        path = ("Properties", "Parameters", name)
        value = self._resolver.resolve(self._raw[name], path)
        if isinstance(value, list):
            texts = [self._resolver.as_text(item, path) for item in value]
            return concatenate(part for index, text in enumerate(texts) for part in ((",", text) if index else (text,)))
        return self._resolver.as_text(None if value is MISSING else value, path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


class _Assets:
    """Finds the folders with code that a cloud assembly has: those of stages are beside the stages' folders."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, str], Path | None] = {}

    def __call__(self, template: Template, name: str) -> Path | None:
        folder = template.stack.template.parent
        if (folder, name) not in self._known:
            self._known[folder, name] = _asset(folder, name, template.root)
        return self._known[folder, name]


def _asset(folder: Path, name: str, root: Path) -> Path | None:
    if not _is_name(name):
        return None
    for one in (folder, root):
        path = one / name
        if _is_folder(path) and path.resolve().is_relative_to(root.resolve()):
            return path
    return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_name(name: object) -> bool:
    """Whether something can be the name of a file within a folder."""
    if not isinstance(name, str) or not name or "\0" in name or len(name) > _LONGEST_NAME or Path(name).is_absolute():
        return False
    # Half a character is none that a file system takes.
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _environment(environment: object) -> tuple[str | None, str | None]:
    """Account and Region of ``aws://account/region``, where they are known."""
    parts = environment.removeprefix("aws://").split("/") if isinstance(environment, str) else []
    if len(parts) != 2:
        return None, None
    account, region = (None if part in _UNKNOWN else part for part in parts)
    return account, region


def _inside(folder: Path, name: object, root: Path) -> Path:
    """A file that a folder's manifest names, of the cloud assembly that it is in."""
    if isinstance(name, str) and _is_name(name):
        path = folder / name
        if _within(path, root):
            return path
    raise TemplateError(folder / _MANIFEST, f"names a file that is not in the cloud assembly: {str(name)[:80]!r}")


def _within(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    # Symbolic links that lead to each other.
    except (OSError, RuntimeError):
        return False


def _nested_template(parent: Template, logical_id: str) -> Path | None:
    """The file of a nested stack, where it lies beside its parent's."""
    resource = parent.resources[logical_id]
    metadata = resource.get("Metadata")
    properties = parent.properties(logical_id)
    named = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
    folder = parent.stack.template.parent
    # Templates name a file before they are packaged.
    for name in (named, properties.get("TemplateURL")):
        if isinstance(name, str) and _is_name(name) and "://" not in name:
            path = folder / name
            if _within(path, parent.root) and _is_file(path):
                return path
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _plain(value: str | Unresolved) -> str | None:
    return value if isinstance(value, str) else None


def _stem(path: Path) -> str:
    return path.name.removesuffix(path.suffix).removesuffix(".template") or path.name
