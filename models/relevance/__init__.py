"""Relevance: whether a comment belongs to the article that it was posted under."""
