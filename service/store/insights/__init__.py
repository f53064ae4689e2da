"""Queries for the audit log, the score map, team figures and usage."""
