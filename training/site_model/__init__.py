"""A site's own model: trained on its moderators' verdicts, and compared with the model that is live."""
