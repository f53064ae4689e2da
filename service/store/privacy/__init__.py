"""Queries that erase comments."""
