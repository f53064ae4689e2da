"""SimHash fingerprints of comments (Charikar, 2002), to find near-duplicates without comparing all comments.

The 64 bits of a fingerprint are split into four bands. Similar fingerprints usually have at least one band in common.
The table has one row per band, so that an index finds the candidates.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from service.store.tables import fingerprints

MAX_CANDIDATES = 500
"""At most this many candidates are compared. A few hundred near-duplicates are enough to recognise a flood."""


def add_fingerprint(
    connection: Connection, *, site: str, comment_id: str, fingerprint: int, bands: Sequence[int]
) -> None:
    """Add a comment's fingerprint. The comment must not have one yet."""
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
    """Return the fingerprints that have at least one of these bands, by comment id. Skip the comment `leave_out`."""
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
