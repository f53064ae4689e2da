"""Pages that show how comments score and how the team decides: the score map and the team page."""
