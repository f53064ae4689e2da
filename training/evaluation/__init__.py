"""Measuring a release on the corpora: toxicity, fairness, robustness, and the other scores."""
