"""Queries for articles, their modes, and pages to fetch."""
