"""Retraining of site models on verdicts."""
