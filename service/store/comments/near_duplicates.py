"""SimHash fingerprints of comments, indexed by band, so that near-duplicates are found without a full scan."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from service.store.tables import fingerprints

MAX_CANDIDATES = 500
"""More candidates are not compared: a few hundred near-duplicates are enough to recognise a flood."""


def add_fingerprint(
    connection: Connection, *, site: str, comment_id: str, fingerprint: int, bands: Sequence[int]
) -> None:
    """Add the fingerprint of a comment that has none."""
    rows = [{"site": site, "band": band, "comment_id": comment_id, "fingerprint": fingerprint} for band in bands]
    connection.execute(insert(fingerprints), rows)


def drop_fingerprint(connection: Connection, *, site: str, comment_id: str) -> None:
    """Delete a comment's fingerprint, if it has one."""
    connection.execute(delete(fingerprints).where(fingerprints.c.site == site, fingerprints.c.comment_id == comment_id))


def read_fingerprint(connection: Connection, *, site: str, comment_id: str) -> int | None:
    """Return the fingerprint of a comment's current text. Short texts have none."""
    query = select(fingerprints.c.fingerprint).where(
        fingerprints.c.site == site, fingerprints.c.comment_id == comment_id
    )
    return connection.execute(query.limit(1)).scalar_one_or_none()


def list_candidates(connection: Connection, *, site: str, bands: Sequence[int], leave_out: str) -> dict[str, int]:
    """Return the fingerprints that share a band with these, by comment id."""
    query = (
        select(fingerprints.c.comment_id, fingerprints.c.fingerprint)
        .where(
            fingerprints.c.site == site,
            fingerprints.c.band.in_(bands),
            fingerprints.c.comment_id != leave_out,
        )
        .limit(MAX_CANDIDATES)
    )
    return {comment_id: int(value) for comment_id, value in connection.execute(query)}
