"""The review desk: the queue, a comment's page, the decisions made there, and bulk review."""
