"""Coral: an external moderation phase, and the webhooks that report what happened to a comment."""
