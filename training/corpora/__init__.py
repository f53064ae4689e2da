"""The corpora: their names, their rows and labels, and which of them a release may be trained on."""
