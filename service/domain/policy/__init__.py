"""A site's policy: thresholds and lists, the rules that apply them, and replays and promises that measure them."""
