"""Files of comments, articles and recorded scores: reading them, and scoring rows on every core."""
