"""Limits for attempts to sign in: how many per minute from an address or for an account, and how many hashes at once.

Attempts are counted in memory, for each process separately. Guessing is still hopeless with several processes, and a
wrong password needs no write to the database.
"""

from collections import Counter
from datetime import datetime
from threading import BoundedSemaphore, Lock

from service.domain.errors import TooManyRequests

WINDOW_SECONDS = 60
HASHES_AT_ONCE = 2
# The limit of an account is above that of an address, so that a single attacker cannot lock a user out.
ACCOUNT_FACTOR = 3


class SignInThrottle:
    """Counts attempts in windows of one minute. All counts start again together, so that none need to be removed."""

    def __init__(self, *, per_minute: int) -> None:
        """Take the limit for an address; that for an account is ACCOUNT_FACTOR times as high."""
        self._per_minute = per_minute
        self._lock = Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()
        # A hash takes 19 MiB and one core. Many attempts at once must not slow down scoring.
        self.hashing = BoundedSemaphore(HASHES_AT_ONCE)

    def admit(self, *, address: str, account: str, now: datetime) -> None:
        """Count one attempt. Raise TooManyRequests if the address or the account is above its limit."""
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
