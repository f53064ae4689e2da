"""Adapters for the formats of other systems: Perspective, Akismet, OpenAI and Coral, one folder each."""
