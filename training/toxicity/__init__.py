"""Toxicity: its training set, the fit of its heads, and their calibration."""
