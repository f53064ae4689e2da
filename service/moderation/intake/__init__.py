"""Intake of comments: evaluating them, recording the decision, and comments from other systems."""
