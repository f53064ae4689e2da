"""The Perspective API (Comment Analyzer), for clients that were written for Google's service."""
