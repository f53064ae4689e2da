"""The corpora: which there are, what a release may be trained on, and what their rows say."""
