"""One comment: its context for scoring, its details and near-duplicates, and what is shown next to it."""
