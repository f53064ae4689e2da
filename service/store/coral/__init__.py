"""Queries for connections to Coral, received events, and verdicts to send back."""
