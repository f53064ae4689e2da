"""Queries for sites, users, sessions and API tokens."""
