"""Attempts to sign in: how many an address or an account gets in a minute, and how many are compared at once.

Counted in this process alone: with several, each gives the limit. That still makes guessing hopeless, and no
wrong password needs a write to the database.
"""

from collections import Counter
from datetime import datetime
from threading import BoundedSemaphore, Lock

from service.domain.errors import TooManyRequests

WINDOW_SECONDS = 60
HASHES_AT_ONCE = 2
# An account's limit is above an address's, so that one stranger alone cannot keep somebody locked out.
ACCOUNT_FACTOR = 3


class SignInThrottle:
    """Counts attempts in windows of a minute, which start together, so that old ones need no sweeping."""

    def __init__(self, *, per_minute: int) -> None:
        """`per_minute` holds for an address; an account gets ACCOUNT_FACTOR times as many."""
        self._per_minute = per_minute
        self._lock = Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()
        # A hash takes 19 MiB and a core: a crowd at the door must not starve the scoring.
        self.hashing = BoundedSemaphore(HASHES_AT_ONCE)

    def admit(self, *, address: str, account: str, now: datetime) -> None:
        """Counts one attempt; raises TooManyRequests where the address or the account has had its share."""
        window, second = divmod(int(now.timestamp()), WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            limits = {
                f"address {address}": self._per_minute,
                f"account {account}": ACCOUNT_FACTOR * self._per_minute,
            }
            for key, limit in limits.items():
                self._counts[key] += 1
                if self._counts[key] > limit:
                    raise TooManyRequests(retry_after=WINDOW_SECONDS - second)
