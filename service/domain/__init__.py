"""The rules of moderation as pure values and functions: no clock, no database, no HTTP."""
