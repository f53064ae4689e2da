"""Made training examples: filled templates, changed copies of corpus rows, noise, corruptions and obfuscations."""
