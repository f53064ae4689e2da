"""Author ids in the form in which they are stored."""

import hashlib
import hmac

from service.moderation.runtime import Runtime


def stored_author_id(runtime: Runtime, *, site: str, author_id: str) -> str:
    """Return a keyed hash of the CMS's author id, so that the database alone identifies nobody.

    A setting turns hashing off. Then the id is stored as it is.
    """
    if not runtime.settings.hash_author_ids:
        return author_id
    message = f"author\x00{site}\x00{author_id}".encode()
    return hmac.new(runtime.secret_key, message, hashlib.sha256).hexdigest()[:40]
