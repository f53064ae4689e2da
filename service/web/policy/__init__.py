"""Pages on which editors set policy: thresholds, guidelines, and how much an author is trusted."""
