"""Files of comments in, files of scores out, by every core; no command, and light to import in every process."""
