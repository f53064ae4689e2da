"""Work beside the requests: a queue that may lose jobs, and a worker that finds them again."""
