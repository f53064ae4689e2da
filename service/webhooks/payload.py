"""The body of a webhook: type, timestamp and data of the event. It is the same at every attempt."""

import json
from datetime import UTC, datetime
from typing import Any

MAX_BYTES = 20_000
"""Standard Webhooks asks senders to stay below 20 kB, which every receiver accepts."""


def write_body(*, type: str, created_at: datetime, data: dict[str, Any]) -> bytes:  # noqa: A002  the name of the field
    """Return the event as JSON in UTF-8. If it is too long, the longest fields are left out and named in `omitted`."""
    timestamp = created_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    body = _encode({"type": type, "timestamp": timestamp, "data": data})
    omitted: list[str] = []
    # Leave out one more field in each round, the longest first.
    for name in sorted(data, key=lambda name: len(_encode(data[name])), reverse=True):
        if len(body) < MAX_BYTES:
            break
        omitted.append(name)
        remaining = {key: value for key, value in data.items() if key not in omitted}
        body = _encode({"type": type, "timestamp": timestamp, "data": remaining | {"omitted": sorted(omitted)}})
    return body


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
