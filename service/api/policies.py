"""The policy: thresholds and lists, each change a new version."""

from fastapi import APIRouter

from service.api import responses, schemas
from service.api.dependencies import RuntimeDep, TokenCaller
from service.moderation.policy.policies import list_policies, read_policy, save_policy
from service.store.policy.policies import PolicyVersion

router = APIRouter(tags=["policy"])


@router.get("/policy", summary="The policy in force")
def get_policy(runtime: RuntimeDep, caller: TokenCaller) -> schemas.PolicyOut:
    """With the release's thresholds where the site states none."""
    return responses.shape_policy(read_policy(runtime, caller))


@router.get("/policy/versions", summary="Every version of the policy")
def get_versions(runtime: RuntimeDep, caller: TokenCaller) -> list[schemas.PolicyVersionOut]:
    """Newest first, each with its author and note."""
    return [_shape(saved) for saved in list_policies(runtime, caller)]


@router.post("/policy/versions", summary="Save a new version")
def post_version(runtime: RuntimeDep, caller: TokenCaller, policy: schemas.PolicyIn) -> schemas.PolicyVersionOut:
    """The newest version with these changes."""
    changes = policy.model_dump(exclude_unset=True, exclude={"note"})
    return _shape(save_policy(runtime, caller, changes=changes, note=policy.note))


def _shape(saved: PolicyVersion) -> schemas.PolicyVersionOut:
    facts = responses.shape_policy(saved.policy).model_dump()
    return schemas.PolicyVersionOut(**facts, author=saved.author, note=saved.note, created_at=saved.created_at)
