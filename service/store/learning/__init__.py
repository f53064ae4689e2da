"""Queries for labelled comments, which site models are trained on, and for the site models themselves."""
