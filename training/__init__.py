"""Corpora in, fitted release with card and report out; knows files, never the service's database."""
