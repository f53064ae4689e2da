"""Statistics that fitting and measuring share: metrics of scores, and bootstrap intervals."""
