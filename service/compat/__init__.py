"""The formats that newsrooms speak already: each translated to the same use cases, in its own words and errors."""
