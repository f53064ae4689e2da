"""Outgoing requests that cannot reach private addresses (SSRF protection), with limits on time and size."""
