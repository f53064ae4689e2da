"""Outgoing webhooks (Standard Webhooks): payload, signature, one attempt to send, and the retry schedule."""
