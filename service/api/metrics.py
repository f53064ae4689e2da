"""Metrics of the web process for Prometheus: counts and durations by route and status, without content or ids."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The metrics that /metrics shows. Prometheus adds `_total` to the names of counters."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "commentdesk_http_requests",
            "HTTP requests, by method, route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "commentdesk_http_request_duration_seconds",
            "Time to respond to a request.",
            ["route"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 2, 5),
        )
        self.in_flight = Gauge(
            "commentdesk_http_requests_in_flight", "Requests that are being processed.", registry=self.registry
        )
        self.refused = Counter(
            "commentdesk_http_requests_refused",
            "Requests refused before they were processed, by error code.",
            ["code"],
            registry=self.registry,
        )
        self.deliveries = Gauge(
            "commentdesk_webhook_deliveries_unfinished",
            "Webhook deliveries that are pending or have failed.",
            ["state"],
            registry=self.registry,
        )
        self.oldest_due = Gauge(
            "commentdesk_webhook_oldest_due_seconds",
            "How long the oldest due delivery has waited for a worker.",
            registry=self.registry,
        )

    def set_backlog(self, *, pending: int, failed: int, oldest_due_seconds: float) -> None:
        """Set the metrics of the webhook backlog, which is counted in the database at every request of /metrics."""
        self.deliveries.labels("pending").set(pending)
        self.deliveries.labels("failed").set(failed)
        self.oldest_due.set(oldest_due_seconds)
