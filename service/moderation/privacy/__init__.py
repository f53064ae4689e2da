"""Erasure of comments."""
