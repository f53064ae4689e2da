"""Signing in and out of the review pages, sessions, and the checks that every form passes."""
