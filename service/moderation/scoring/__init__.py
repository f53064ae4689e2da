"""Scoring of texts without storing them."""
