"""The JSON API under /v1: each route parses, calls one use case and shapes the answer."""
