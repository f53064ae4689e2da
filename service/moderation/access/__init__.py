"""Sites, users, passwords, sessions and API tokens."""
