"""The kernel: text to features to scores, the same code in training and in serving."""
