"""The kinds of event that a site's systems are told of."""

from enum import StrEnum


class EventType(StrEnum):
    """What happened; the value is the `type` of the webhook."""

    DECIDED = "comment.decided"
    VERDICT = "comment.verdict"
    APPEALED = "comment.appealed"
    ERASED = "comment.erased"
    TEST = "webhook.test"
