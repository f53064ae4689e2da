"""Background work: a job queue that may lose jobs, and a worker whose sweep finds lost work again."""
