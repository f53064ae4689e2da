"""Forms about articles: whether an article or a section is open for comments."""
