"""The report on an evaluation: its sections, charts and targets, as Markdown and as HTML."""
