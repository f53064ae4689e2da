"""Toxicity and its attributes: n-gram, lexicon and encoder features, and the linear model over them."""
