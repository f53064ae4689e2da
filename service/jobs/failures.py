"""Failures of jobs in the log: what kind and where, never the error's own words, which may quote a row."""

import traceback

import structlog

log = structlog.get_logger()


def log_failure(event: str, *, part: str, error: BaseException) -> None:
    """Logs an error that is not passed on, by its class and the line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    log.error(event, part=part, kind=type(error).__name__, where=where)
