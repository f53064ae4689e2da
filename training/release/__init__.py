"""What a release's card states, such as thresholds and known failures, and whether a second fit reproduces it."""
