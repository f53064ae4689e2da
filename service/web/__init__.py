"""The review pages: plain HTML and forms for people. They call use cases and decide nothing themselves."""
