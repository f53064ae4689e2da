"""Hand-written sentences and word tables that fill the gaps of the corpora, as data files with one loader."""
