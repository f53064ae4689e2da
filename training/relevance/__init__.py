"""Fitting relevance on comments in their own and in other contexts, and measuring it on news sets."""
