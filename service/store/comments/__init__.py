"""Queries for comments with their revisions, scores, decisions, authors, threads and near-duplicates."""
