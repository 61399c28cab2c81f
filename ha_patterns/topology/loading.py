"""Cloud assemblies and templates, loaded into a topology."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..documents.document import shown
from . import sam
from .assets import Assets
from .files import (
    DEFAULT_SIZE,
    FileWarning,
    NoTemplateError,
    SkippedFile,
    TemplateError,
    is_file,
    is_folder,
    read_document,
    within,
)
from .folders import MANIFEST, found_in, is_assembly
from .foreach import Loops
from .given import PSEUDO_PARAMETERS, Copies, GivenTemplate
from .given_files import NESTED, GivenFiles
from .hosts import follow
from .intrinsics import Resolver
from .links import link_back
from .mentions import Mentions
from .nested import GivenByParent
from .reader import Reader
from .readers import READERS
from .stacks import Stack, Template
from .templates import Templates, transforms
from .topology import Topology, with_parts
from .transforms import LANGUAGE_EXTENSIONS, not_run
from .values import ResourceId, Unresolved

#: What stands in a cloud assembly's environment for an account or Region that nobody has told.
_UNKNOWN = ("unknown-account", "unknown-region", "current_account", "current_region", "")
_DEEPEST_NESTING = 16
#: How many warnings are told of all files together.
_MOST_WARNINGS = 100
#: How many parameters a message names.
_MOST_NAMES = 10
#: Of a template that nests itself or others again and again, there is no end.
_MOST_NESTED = 1_000
_APPLICATION = "the application"
# How the CDK calls the folders of stages.
_STAGE = "assembly-"


def load(
    *paths: Path | str | GivenTemplate,
    parameters: Mapping[str, str] | None = None,
    max_template_size: int = DEFAULT_SIZE,
    skip_unreadable: bool = False,
) -> Topology:
    """The topology of cloud assemblies and templates, read together.

    >>> topology = load("cdk.out")                                          # doctest: +SKIP
    >>> [group.status_codes for group in topology.of(OriginGroup)]          # doctest: +SKIP

    A template that is deployed in several Regions is given once for each:

    >>> regions = ("eu-west-1", "us-east-1")
    >>> copies = [GivenTemplate(path=Path("app.yaml"), parameters={"AWS::Region": region}) for region in regions]
    >>> topology = load(*copies)                                            # doctest: +SKIP

    Args:
        paths: Folders that ``cdk synth`` has written, other folders with templates in them, and templates in JSON or
            YAML, of CloudFormation or SAM; those that have parameters of their own as a ``GivenTemplate``. A file
            that another one nests is read as the nested stack only. Of several files, those that are no templates are
            skipped: see ``Topology.skipped``.
        parameters: What parameters of the templates are set to, by name; ``AWS::Region`` and other pseudo parameters
            too, for what is not in a cloud assembly that tells them. Default: what the templates have as defaults.
        max_template_size: The largest file that is read, in bytes. Default 32 MiB.
        skip_unreadable: Whether templates that cannot be read are skipped, too, if they are among others; if not, one
            of them ends it all. Default False.

    Raises:
        TemplateError: A file that cannot be read; no template at all; a parameter of a ``GivenTemplate`` that it does
            not have.

    See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
    """
    given = [one if isinstance(one, GivenTemplate) else GivenTemplate(path=Path(one)) for one in paths]
    loading = _Loading(dict(parameters or {}), max_template_size, Copies(given), skip_unreadable)
    with _without_collection():
        for one in given:
            loading.add(one, alone=len(given) == 1)
        loading.require_one()
        loading.check_parameters([one.path for one in given])
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
        constructs: The file in which the CDK tells of its constructs; None where there is none.
    """

    path: Path
    id: str
    name: str
    account: str | None = None
    region: str | None = None
    constructs: Path | None = None


def load_stacks(stacks: Iterable[StackTemplate], *, max_template_size: int = DEFAULT_SIZE) -> Topology:
    """The topology of stacks that are read together.

    Raises:
        TemplateError: A template that cannot be read.
    """
    loading = _Loading({}, max_template_size, Copies(()))
    with _without_collection():
        for stack in stacks:
            loading.add_stack(stack, application=_APPLICATION)
        return loading.topology()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause garbage collection: everything that is loaded stays referenced."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # All counts as old from here on. Otherwise the next object that is made has all of this gone through.
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()


class _Loading:
    """What is loaded together."""

    def __init__(
        self, parameters: dict[str, Any], max_size: int, copies: Copies, skip_unreadable: bool = False
    ) -> None:
        self._parameters = parameters
        self._max_size = max_size
        self._copies = copies
        self._may_skip: type[TemplateError] = TemplateError if skip_unreadable else NoTemplateError
        self._loaded: set[Hashable] = set()
        self._warnings: dict[FileWarning, None] = {}
        self._skipped: dict[SkippedFile, None] = {}
        self._templates: list[Template] = []
        self._ids: set[str] = set()
        self._declared: dict[str, None] = {}
        self._not_expanded: dict[str, str] = {}
        self._nested = 0
        self._assets = Assets(max_size)
        self._files = GivenFiles(self._assets)

    def add(self, given: GivenTemplate, *, alone: bool) -> None:
        """Take in a folder or a file.

        Args:
            given: It.
            alone: Whether it is all that is given.
        """
        path, own = given.path, _Own(given)
        if not is_folder(path):
            # Somebody has told the parameters of a template, which it has to be then.
            self._add_file(given, own, may_skip=not alone and not given.parameters)
        elif is_assembly(path, self._max_size):
            self._add_assembly(path, own)
        else:
            self._add_folder(given, own)
        own.check()

    def check_parameters(self, paths: Sequence[Path]) -> None:
        """Refuse parameters that no template has: they are misspelt.

        Args:
            paths: All that is given.

        Raises:
            TemplateError: There is one.
        """
        for name in self._parameters:
            if paths and name not in self._declared and name not in PSEUDO_PARAMETERS:
                others = "; it has" if len(paths) == 1 else ", and nothing else that is given has it; they have"
                raise TemplateError(paths[0], f"has no parameter {shown(name)!r}{others} {_names(self._declared)}")

    def _add_folder(self, given: GivenTemplate, own: _Own) -> None:
        paths = list(found_in(given.path, self._max_size))
        found = False
        for path in paths:
            if is_folder(path):
                found = True
                self._add_assembly(path, own)
            else:
                found = self._add_file(given, own, path, may_skip=True) or found
        if not found:
            which = (
                f"none of its {len(paths)} files in JSON and YAML is a template" if paths else "has no template in it"
            )
            raise TemplateError(given.path, f"is no cloud assembly, and {which}; run cdk synth first")

    def _add_file(self, given: GivenTemplate, own: _Own, path: Path | None = None, *, may_skip: bool) -> bool:
        """Take in a file: the given one, or one of the given folder, whose stack is called by its way there.

        Returns:
            Whether it is a template.
        """
        within_it = path.relative_to(given.path).parent if path is not None else Path()
        path = path or given.path
        name = _stem(path)
        try:
            template = self._template(path, name=name, label=str(within_it / name), root=_root(path), own=own)
        except self._may_skip as error:
            # What is not there is somebody's mistake, and not the file's.
            if not may_skip or not is_file(path):
                raise
            unreadable = not isinstance(error, NoTemplateError)
            skipped = SkippedFile(path=path, message=error.message, unreadable=unreadable, line=error.line)
            self._skipped[skipped] = None
            return False
        self._take(template, given)
        # What has parameters of its own is a stack of its own.
        if not given.parameters or path != given.path:
            self._files.add(template)
        return True

    def require_one(self) -> None:
        """Refuse several files of which none is a template."""
        if not self._templates and self._skipped:
            first, *others = self._skipped
            count = f"{len(others)} other file{'' if len(others) == 1 else 's'}"
            raise TemplateError(first.path, f"{first.message}; nor is any of the {count} a template")

    def add_stack(
        self,
        stack: StackTemplate,
        root: Path | None = None,
        given: Mapping[str, Any] | None = None,
        own: _Own | None = None,
        application: str = "",
    ) -> None:
        """Take in a template whose stack is known.

        Args:
            stack: The stack.
            root: The folder that the files it names are in.
            given: What its parameters are set to.
            own: The parameters of the copy that it is of.
            application: What it is deployed with: stacks of one application whose account nothing tells are in one,
                that of whoever deploys them.
        """
        self._take(
            self._template(
                stack.path,
                name=stack.name,
                root=root or _root(stack.path),
                shown=stack.id,
                account=_known(stack.account),
                region=_known(stack.region),
                constructs=stack.constructs,
                given=given,
                own=own,
                application=application,
            ),
            own.template if own is not None else None,
        )

    def _take(self, template: Template, own: GivenTemplate | None) -> None:
        """Take in a template, unless its stack is there already: a copy of an assembly may differ in other stacks."""
        stack = template.stack
        if self._copies.several(own) and isinstance(stack.region, str):
            given = tuple(sorted((name, str(value)) for name, value in template.given.items()))
            account = stack.account if isinstance(stack.account, str) else None
            key = (stack.template.resolve(), stack.name, account, stack.region, given)
            if key in self._loaded:
                self._drop(template)
                return
            self._loaded.add(key)
        self._templates.append(template)

    def _drop(self, template: Template) -> None:
        stack = template.stack.id
        self._ids.discard(stack)
        self._not_expanded = {name: why for name, why in self._not_expanded.items() if not name.startswith(f"{stack}/")}

    def topology(self) -> Topology:
        """All that was taken in."""
        templates = Templates(self._templates)
        alone = self._files.by_themselves(templates)
        if len(alone) < len(templates.all):
            kept = {template.stack.id for template in alone}
            for template in templates.all:
                if template.stack.id not in kept:
                    self._drop(template)
            templates = Templates(alone)
        self._nest(templates)
        reader = Reader(templates, READERS, self._assets.folder)
        things = reader.read_all()
        names = follow(reader, things)
        link_back(with_parts(things))
        counts = Counter(
            str(resource.get("Type")) for template in templates.all for resource in template.resources.values()
        )
        return Topology(
            stacks=tuple(template.stack for template in templates.all),
            things=tuple(things),
            counts=MappingProxyType(dict(sorted(counts.items()))),
            not_expanded=MappingProxyType(self._not_expanded),
            names=names,
            mentions=Mentions(templates.all),
            types_read=frozenset(READERS) | templates.types_asked,
            warnings=tuple(self._warnings),
            skipped=tuple(self._skipped),
        )

    def _add_assembly(self, root: Path, own: _Own) -> None:
        waiting = [root]
        seen: set[Path] = set()
        found = False
        while waiting:
            folder = waiting.pop(0)
            if folder.resolve() in seen:
                continue
            seen.add(folder.resolve())
            manifest = folder / MANIFEST
            if not manifest.is_file():
                remedy = "run cdk synth first, or name the templates in it"
                raise TemplateError(folder, f"is no cloud assembly: it has no {MANIFEST}; {remedy}")
            artifacts = read_document(manifest, self._max_size).get("artifacts")
            for artifact_id, artifact in artifacts.items() if isinstance(artifacts, dict) else ():
                if not isinstance(artifact, dict):
                    continue
                properties = artifact.get("properties")
                properties = properties if isinstance(properties, dict) else {}
                if artifact.get("type") == "aws:cloudformation:stack" and "templateFile" in properties:
                    found = True
                    self._add_artifact(folder, root, artifact_id, artifact, properties, own)
                elif artifact.get("type") == "cdk:cloud-assembly" and "directoryName" in properties:
                    waiting.append(_inside(folder, properties["directoryName"], root))
        if not found:
            raise TemplateError(root, "is a cloud assembly without a stack")

    def _add_artifact(
        self, folder: Path, root: Path, artifact_id: str, artifact: Any, properties: Any, own: _Own
    ) -> None:
        account, region = _environment(artifact.get("environment"))
        told = artifact.get("additionalMetadataFile")
        given = properties.get("parameters")
        self.add_stack(
            StackTemplate(
                path=_inside(folder, properties["templateFile"], root),
                id=str(artifact.get("displayName") or artifact_id),
                name=str(properties.get("stackName") or artifact_id),
                account=account,
                region=region,
                constructs=_inside(folder, told, root) if isinstance(told, str) else None,
            ),
            root=root,
            given=given if isinstance(given, dict) else None,
            own=own,
            application=own.application,
        )

    def _template(
        self,
        path: Path,
        *,
        name: str,
        root: Path,
        shown: str | None = None,
        label: str = "",
        account: str | None = None,
        region: str | None = None,
        constructs: Path | None = None,
        nested_in: Stack | None = None,
        given: Mapping[str, Any] | None = None,
        own: _Own | None = None,
        application: str = "",
    ) -> Template:
        warnings: list[FileWarning] = []
        document = read_document(path, self._max_size, warnings)
        self._warn(warnings)
        # The CDK writes stacks that have nothing in them; a file of which nobody says that it is a template is none.
        resources = document.get("Resources", {} if shown is not None else None)
        if not isinstance(resources, dict):
            raise NoTemplateError(path, "is no template: it has no Resources")
        told = {"AWS::Region": region, "AWS::AccountId": account, "AWS::StackName": name if shown else None}
        parameters = own.used(document, told) if own is not None else {}
        if nested_in is None:
            self._declared |= dict.fromkeys(_declared_by(document))
            given = {**(given or {}), **self._parameters, **parameters}
        copy = self._copies.label(own.template if own is not None else None, parameters)
        label = shown or label or name
        stack_id = self._unique(f"{label} ({copy})" if copy else label)
        stack = Stack(
            id=stack_id,
            name=parameters.get("AWS::StackName") or self._named(shown) or name,
            region=region or _pseudo("AWS::Region", given, nested_in, stack_id),
            account=account or _pseudo("AWS::AccountId", given, nested_in, application or stack_id),
            template=path,
            constructs=constructs,
            nested_in=nested_in,
        )
        template = Template(
            stack=stack,
            document=document,
            resources={},
            given=given if given is not None else {},
            root=root,
        )
        # Neither loops nor conditions know resources; a resolver without any works them out.
        resolver = Templates([template]).resolver(stack_id)
        self._leave(template, not_run(document))
        resources = self._looped(template, resolver, resources)
        if sam.is_sam(document):
            expansion = sam.expand(document, resources, template.given)
            resources, template.names = expansion.resources, expansion.names
            if expansion.conditions:
                conditions = {**template.section("Conditions"), **expansion.conditions}
                template.document = {**template.document, "Conditions": conditions}
            self._leave(template, expansion.left)
        template.resources = dict(self._created(template, resolver, resources))
        return template

    def _named(self, shown: str | None) -> str | None:
        """What a file's stack is to be called; stacks of a cloud assembly, and nested ones, have names of their own."""
        named = self._parameters.get("AWS::StackName") if shown is None else None
        return named if isinstance(named, str) and named else None

    def _looped(self, template: Template, resolver: Resolver, resources: Mapping[str, Any]) -> Mapping[str, Any]:
        if LANGUAGE_EXTENSIONS not in transforms(template.document):
            return resources
        loops = Loops(resolver)
        sections = {"Resources": resources}
        sections |= {name: template.section(name) for name in ("Conditions", "Outputs") if template.section(name)}
        for name, section in sections.items():
            sections[name], left = loops.expand(section)
            self._leave(template, left)
        template.document = {**template.document, **sections}
        return sections["Resources"]

    def _created(
        self, template: Template, resolver: Resolver, resources: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The resources that a template makes, but for those whose condition does not hold."""
        for logical_id, resource in resources.items():
            if logical_id.startswith("Fn::"):
                name = logical_id.split("::")[1]
                why = f"Fn::{name} makes resources when it is deployed"
                if name == "ForEach":
                    why = "Fn::ForEach needs the transform AWS::LanguageExtensions, which the template does not name"
                self._leave(template, {logical_id: why})
            elif isinstance(resource, dict) and isinstance(resource.get("Type"), str):
                condition = resource.get("Condition")
                if not isinstance(condition, str) or resolver.condition(condition) is not False:
                    yield logical_id, resource

    def _leave(self, template: Template, left: Mapping[str, str]) -> None:
        self._not_expanded |= {f"{template.stack.id}/{logical_id}": why for logical_id, why in left.items()}

    def _warn(self, warnings: list[FileWarning]) -> None:
        # A nested template may be read for each of its stacks.
        known = [*self._warnings, *(one for one in warnings if one not in self._warnings)]
        self._warnings = dict.fromkeys(known[:_MOST_WARNINGS])

    def _unique(self, name: str) -> str:
        unique, count = name, 1
        while unique in self._ids:
            count += 1
            unique = f"{name} ({count})"
        self._ids.add(unique)
        return unique

    def _nest(self, templates: Templates) -> None:
        """Read the templates of nested stacks, with what their parents give them."""
        waiting = [(template, logical_id, 1) for template, logical_id in templates.of_type(NESTED)]
        waiting.reverse()
        while waiting:
            parent, one, level = waiting.pop()
            path = self._files.nested(templates, parent, one)
            too_many = level > _DEEPEST_NESTING or self._nested >= _MOST_NESTED
            if isinstance(path, str) or too_many or _is_within(path, parent):
                why = path if isinstance(path, str) else "is nested in itself, too deeply, or one of too many"
                self._not_expanded[f"{parent.stack.id}/{one}"] = f"the template of the nested stack {why}"
                continue
            self._nested += 1
            nested = self._nested_stack(templates, parent, one, path)
            templates.nest(ResourceId(parent.stack.id, one), nested)
            waiting += [
                (nested, inner, level + 1) for inner, raw in nested.resources.items() if raw.get("Type") == NESTED
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
            constructs=parent.stack.constructs,
            nested_in=parent.stack,
            given=GivenByParent(templates, parent, logical_id),
        )


class _Own:
    """The parameters of a given template, and which of them its stacks have a use for.

    Args:
        template: The given template.
    """

    def __init__(self, template: GivenTemplate) -> None:
        self.template = template
        # Another copy may be deployed to another account.
        self.application = f"{template.path} {sorted(template.parameters.items())}"
        self._used: set[str] = set()
        self._declared: dict[str, None] = {}

    def used(self, document: Mapping[str, Any], told: Mapping[str, str | None]) -> dict[str, str]:
        """Those that matter to one of its stacks.

        Args:
            document: The stack's template.
            told: The pseudo parameters that the cloud assembly tells.
        """
        declared = _declared_by(document)
        self._declared |= dict.fromkeys(declared)
        used = {
            name: value
            for name, value in self.template.parameters.items()
            if name in declared or (name in PSEUDO_PARAMETERS and value and not told.get(name))
        }
        self._used.update(used)
        return used

    def check(self) -> None:
        """Refuse parameters that nothing has a use for: they are misspelt, or another template's."""
        for name, value in self.template.parameters.items():
            if name in self._used:
                continue
            if name in PSEUDO_PARAMETERS and value:
                raise TemplateError(self.template.path, f"tells {name} of its stacks itself, which cannot be set")
            if name in PSEUDO_PARAMETERS:
                raise TemplateError(self.template.path, f"cannot have an empty {name}")
            raise TemplateError(
                self.template.path, f"has no parameter {shown(name)!r}; it has {_names(self._declared)}"
            )


def _declared_by(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of a template."""
    declared = document.get("Parameters")
    return declared if isinstance(declared, dict) else {}


def _names(declared: Collection[str]) -> str:
    """The names of parameters, as a message tells them."""
    names = ", ".join(map(shown, list(declared)[:_MOST_NAMES])) or "none"
    return f"{names} and {len(declared) - _MOST_NAMES} more" if len(declared) > _MOST_NAMES else names


def _pseudo(name: str, given: Mapping[str, Any] | None, nested_in: Stack | None, stack_id: str) -> str | Unresolved:
    """The Region or account of a stack: its parent's, or what is given."""
    if nested_in is not None:
        return nested_in.region if name == "AWS::Region" else nested_in.account
    told = given.get(name) if given else None
    return told if isinstance(told, str) and told else Unresolved(name, scope=stack_id)


def _environment(environment: object) -> tuple[str | None, str | None]:
    """Account and Region of ``aws://account/region``."""
    parts = environment.split("/") if isinstance(environment, str) else []
    # What is between the first two slashes is empty.
    if len(parts) != 4 or parts[:2] != ["aws:", ""]:
        return None, None
    return parts[2], parts[3]


def _known(part: str | None) -> str | None:
    """An account or Region, where somebody has told it, and not only that it is not known."""
    return None if part is None or part in _UNKNOWN or "${" in part else part


def _inside(folder: Path, name: object, root: Path) -> Path:
    """A file that a folder's manifest names, of the cloud assembly that it is in."""
    if isinstance(name, str) and name and within(folder / name, root):
        return folder / name
    raise TemplateError(folder / MANIFEST, f"names a file that is not in the cloud assembly: {str(name)[:80]!r}")


def _is_within(path: Path, parent: Template) -> bool:
    """Whether a template is one of those that it is nested in."""
    stack: Stack | None = parent.stack
    while stack is not None:
        if stack.template.resolve() == path.resolve():
            return True
        stack = stack.nested_in
    return False


def _root(path: Path) -> Path:
    """The folder that the files of a template are in: of a stage, the cloud assembly's."""
    folder = path.parent
    while folder.name.startswith(_STAGE):
        folder = folder.parent
    return folder


def _plain(value: str | Unresolved) -> str | None:
    return value if isinstance(value, str) else None


def _stem(path: Path) -> str:
    return path.name.removesuffix(path.suffix).removesuffix(".template") or path.name
