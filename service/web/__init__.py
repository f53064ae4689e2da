"""The review pages: plain HTML and forms for moderators. Routes call use cases and hold no rules themselves."""
