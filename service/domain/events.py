"""The types of event that are sent to a site's webhook endpoints."""

from enum import StrEnum


class EventType(StrEnum):
    """A type of event; the value is the `type` field of the webhook."""

    DECIDED = "comment.decided"
    VERDICT = "comment.verdict"
    APPEALED = "comment.appealed"
    ERASED = "comment.erased"
    TEST = "webhook.test"
