"""OpenAI's moderations endpoint, for programs that use its client libraries."""
