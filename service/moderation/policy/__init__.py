"""A site's policy and guidelines, the preview of thresholds, and trusted or suspended authors."""
