"""Coherence: whether a text is intact, or broken, scrambled or machine-made noise."""
