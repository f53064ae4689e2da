"""Two moderators and an editor of the same site."""

import pytest

from service.domain.rights import Caller, Role
from service.moderation.runtime import Runtime
from tests.support.review import a_user


@pytest.fixture
def ana(runtime: Runtime) -> Caller:
    return a_user(runtime, "ana")


@pytest.fixture
def bo(runtime: Runtime) -> Caller:
    return a_user(runtime, "bo")


@pytest.fixture
def eve(runtime: Runtime) -> Caller:
    return a_user(runtime, "eve", Role.EDITOR)
