"""Fingerprints of comments, indexed by band, so that near-copies are found without reading every comment."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from service.store.tables import fingerprints

CANDIDATES = 500
"""At most so many candidates are looked at: a flood of thousands is a flood after the first hundreds."""


def add_fingerprint(
    connection: Connection, *, site: str, comment_id: str, fingerprint: int, bands: Sequence[int]
) -> None:
    """Adds the fingerprint of a comment that has none."""
    rows = [{"site": site, "band": band, "comment_id": comment_id, "fingerprint": fingerprint} for band in bands]
    connection.execute(insert(fingerprints), rows)


def drop_fingerprint(connection: Connection, *, site: str, comment_id: str) -> None:
    """Forgets the fingerprint of a comment, if it has one."""
    own = (fingerprints.c.site == site) & (fingerprints.c.comment_id == comment_id)
    connection.execute(delete(fingerprints).where(own))


def list_candidates(connection: Connection, *, site: str, bands: Sequence[int], leave_out: str) -> dict[str, int]:
    """Fingerprints, by comment id, that share a band with the one asked for."""
    query = (
        select(fingerprints.c.comment_id, fingerprints.c.fingerprint)
        .where(
            fingerprints.c.site == site,
            fingerprints.c.band.in_(bands),
            fingerprints.c.comment_id != leave_out,
        )
        .limit(CANDIDATES)
    )
    return {comment_id: int(value) for comment_id, value in connection.execute(query)}
