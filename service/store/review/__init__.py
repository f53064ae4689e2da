"""Queries for the queue, claims, verdicts, undoable actions, second reviews, escalations, reports and appeals."""
