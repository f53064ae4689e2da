"""Webhooks out: signed, to addresses that may be reached, within limits; neither comments nor SQL."""
