"""The transforms of templates, and why some are not run.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..documents.document import shown
from .templates import transforms

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
_SERVERLESS = "AWS::Serverless-"
# By what their names begin with; several have dates behind.
_LEFT = {
    "AWS::Include": "it puts a file of a bucket into the template, which is not read",
    "AWS::SecretsManager-": "it makes functions that rotate secrets",
    "AWS::ServiceCatalog": "it puts in outputs of provisioned products, which no template has",
    "AWS::CodeDeployBlueGreen": "it makes the replacement of an ECS service when the service is updated",
    "AWS::": "it is not known here",
}
_MACRO = "it is a macro, whose function may change the template in any way"


def not_run(document: Mapping[str, Any]) -> dict[str, str]:
    """The transforms of a template that are not run, and why."""
    left: dict[str, str] = {}
    for name in transforms(document):
        if name != LANGUAGE_EXTENSIONS and not name.startswith(_SERVERLESS):
            why = next((why for beginning, why in _LEFT.items() if name.startswith(beginning)), _MACRO)
            left[f"the transform {shown(name)}"] = f"the transform is not run: {why}"
    if "Fn::Transform" in document:
        left["Fn::Transform"] = "the transform is not run: it makes sections of the template when it is deployed"
    return left


def is_logical_id(name: str) -> bool:
    """Whether CloudFormation takes a logical id, which has letters and digits only."""
    return name.isascii() and name.isalnum()
