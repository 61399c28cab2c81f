"""The secrets of an origin guard, in every Region that needs them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ..cdk.reviews import answer
from ..cdk.typed import typed
from ..cdk.validation import is_region, is_token, refusal
from ..edge.regions import region_of
from .guard import ORIGIN_GUARD_HEADER, OriginGuard

# The comparison of listeners knows no case, so upper case would add nothing; 36 to the 64th is enough.
_LENGTH = 64


@typed
class OriginGuardSecrets(Construct):
    """The secrets of an ``OriginGuard``: random, never in a template, the same in each Region.

    Stacks refer to them by name and not by construct, so they go into a stack of their own, which comes first:
    ``stack.add_stack_dependency(secrets_stack)`` for each stack with a guarded listener or the distribution. Destroyed,
    it comes last. There are at most five at a time; see ``OriginGuard`` for how they are rotated.

    Creates a secret for each generation that is kept, with replicas in the other Regions, each of them at $0.40 a
    month. The replicas are there some seconds after the stack is: a first deploy that was faster than they is repeated.

    Example::

        secrets = Stack(app, "secrets", env=Environment(region="us-east-1"))
        OriginGuardSecrets(secrets, "Secrets", guard=guard, regions=["us-east-1", "eu-west-1", "eu-central-1"])

    Args:
        guard: What is agreed on.
        regions: The Regions of all stacks that need the value: the load balancers' and the distribution's. The one
            of this stack may be among them.

    Attributes:
        guard: As given.
        secrets: The secrets, by generation.

    Raises:
        ValueError: What is no Region; a list, or a stack's own Region, that only the deploy knows.

    See https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, guard: OriginGuard, regions: Sequence[str]) -> None:
        super().__init__(scope, construct_id)
        if is_token(regions):
            raise refusal("regions", "a list known now", regions, "each of them is another replica in the template")
        for region in regions:
            if not is_token(region) and not is_region(region):
                raise refusal("regions", "AWS Regions such as eu-west-1", region, "the secrets are replicated to them")
        home = region_of(self)
        if is_token(home):
            raise ValueError(
                "the secrets of a guard must be in a stack whose Region is known, or it cannot be told which are "
                "others: give the stack env=Environment(region='us-east-1')"
            )
        self.guard = guard
        replicas = [secretsmanager.ReplicaRegion(region=region) for region in dict.fromkeys(regions) if region != home]
        self.secrets = {
            generation: secretsmanager.Secret(
                self,
                f"Generation{generation}",
                secret_name=guard.secret_name_of(generation),
                description=f"The value of {ORIGIN_GUARD_HEADER}, generation {generation}",
                generate_secret_string=secretsmanager.SecretStringGenerator(
                    password_length=_LENGTH,
                    # Listeners take * and ? for any character.
                    exclude_punctuation=True,
                    exclude_uppercase=True,
                    include_space=False,
                ),
                replica_regions=replicas or None,
            )
            for generation in guard.kept_generations
        }
        reason = (
            "It is rotated by a deploy that raises the generation: distribution and listeners hold the value, and a "
            "function that changed it would change them beside CloudFormation."
        )
        for secret in self.secrets.values():
            answer(secret, {"SMG4": reason})
