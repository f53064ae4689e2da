"""Queries for policies, guidelines, and the history that thresholds are tried on."""
