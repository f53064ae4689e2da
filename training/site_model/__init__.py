"""A site's own model: trained on the site's verdicts, and compared with what is live."""
