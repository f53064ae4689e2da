"""The Akismet API, versions 1.1 and 1.2, for blogs and forums with an Akismet plug-in."""
