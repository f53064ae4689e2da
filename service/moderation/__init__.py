"""The use cases: what callers can have done, each a function that takes the desk, the caller and the facts."""
