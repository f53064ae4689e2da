"""Sample content for a first look: one invented article with its comments."""
