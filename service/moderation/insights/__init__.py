"""Insights into a site: the score map, team figures, usage, the audit log, and the readiness of the service."""
