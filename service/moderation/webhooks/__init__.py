"""Webhook endpoints of a site, and the delivery of events to them."""
