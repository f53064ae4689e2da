"""Queries for webhook endpoints, events and deliveries."""
