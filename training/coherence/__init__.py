"""Fitting coherence on intact and corrupted texts, and measuring it on held-out texts and human judgements."""
