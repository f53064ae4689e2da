"""The policy: thresholds and lists. Each change is a new version."""

from fastapi import APIRouter

from service.api.dependencies import TokenCaller
from service.api.responses import policy_out, policy_version_out
from service.api.schemas.policies import PolicyIn, PolicyOut, PolicyVersionOut
from service.dependencies import RuntimeDep
from service.moderation.policy.policies import list_policies, read_policy, save_policy

router = APIRouter(tags=["policy"])


@router.get("/policy", summary="Get the policy")
def get_policy(runtime: RuntimeDep, caller: TokenCaller) -> PolicyOut:
    """Return the policy in force, with the release's recommended thresholds for those that the site has not set."""
    return policy_out(read_policy(runtime, caller))


@router.get("/policy/versions", summary="List the versions of the policy")
def get_versions(runtime: RuntimeDep, caller: TokenCaller) -> list[PolicyVersionOut]:
    """Newest first, each with its author and note."""
    return [policy_version_out(saved) for saved in list_policies(runtime, caller)]


@router.post("/policy/versions", summary="Save a new version of the policy")
def post_version(runtime: RuntimeDep, caller: TokenCaller, policy: PolicyIn) -> PolicyVersionOut:
    """Save the latest version with these changes as a new version."""
    changes = policy.model_dump(exclude_unset=True, exclude={"note"})
    return policy_version_out(save_policy(runtime, caller, changes=changes, note=policy.note))
