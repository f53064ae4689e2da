"""Failures of background work in the log: kind and place, but no message, which may quote a row."""

import traceback

import structlog

log = structlog.get_logger()


def log_failure(event: str, *, task: str, error: BaseException) -> None:
    """Log an error that is not raised further, by its class and the line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    log.error(event, task=task, kind=type(error).__name__, where=where)
