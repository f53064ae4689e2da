"""The service: takes comments in, scores and decides them, queues them for people, and tells the CMS."""
