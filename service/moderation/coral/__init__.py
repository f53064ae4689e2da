"""Coral: connections, its moderation phase, its events, and verdicts that are sent back to it."""
