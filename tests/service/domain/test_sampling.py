"""Sampling draws: repeatable, evenly spread, and unpredictable without the key."""

import hashlib
import hmac

from service.domain.sampling import sampling_draw


def test_a_draw_is_the_keyed_hash_of_its_parts() -> None:
    digest = hmac.new(b"key", b"audit\x00gazette\x00c-1\x001", hashlib.sha256).digest()
    assert sampling_draw(b"key", "audit", "gazette", "c-1", 1) == int.from_bytes(digest[:8]) / 2**64


def test_a_draw_depends_on_the_key_and_on_every_part() -> None:
    draws = {sampling_draw(key, "audit", comment) for key in (b"a", b"b") for comment in ("c-1", "c-2")}
    assert len(draws) == 4


def test_draws_are_evenly_spread() -> None:
    draws = [sampling_draw(b"key", "audit", number) for number in range(10_000)]
    assert all(0 <= draw < 1 for draw in draws)
    assert 0.09 < sum(draw < 0.1 for draw in draws) / len(draws) < 0.11
