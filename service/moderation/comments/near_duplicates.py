"""Near-duplicates: other comments of a site with almost the same text."""

from sqlalchemy import Connection

from models.simhash import MAX_DISTANCE, bands, hamming_distance
from service.store.comments import near_duplicates as store


def find_similar(connection: Connection, *, site: str, comment_id: str, fingerprint: int | None) -> list[str]:
    """Return the ids of other comments whose fingerprint is close to this one. A short text has no fingerprint.

    Fingerprints are SimHashes of 64 bits. Only comments that share a band, a part of these bits, are compared.
    """
    if fingerprint is None:
        return []
    candidates = store.list_candidates(connection, site=site, bands=bands(fingerprint), leave_out=comment_id)
    return sorted(
        candidate_id
        for candidate_id, candidate in candidates.items()
        if hamming_distance(fingerprint, candidate) <= MAX_DISTANCE
    )


def find_near_duplicates(connection: Connection, *, site: str, comment_id: str) -> list[str]:
    """Return the ids of the near-duplicates of a stored comment."""
    fingerprint = store.read_fingerprint(connection, site=site, comment_id=comment_id)
    return find_similar(connection, site=site, comment_id=comment_id, fingerprint=fingerprint)
