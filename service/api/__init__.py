"""The JSON API under /v1: each route parses the request, calls one use case and returns its result."""
