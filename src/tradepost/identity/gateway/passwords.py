"""Passwords by Argon2id, in few threads of their own so that nothing else waits for them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tradepost.identity.errors import TooManyTries

T = TypeVar("T")
PARALLELISM = 1
THREADS = 2
WAITING_MAX = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What a try costs whoever guesses (OWASP password storage: 19 MiB, 2 passes at least)."""

    memory_kib: int = 19 * 1024
    passes: int = 2


DEAR = Cost()


class Argon2Hasher:
    """Answers the ``Hasher`` port."""

    def __init__(
        self, *, threads: int = THREADS, waiting_max: int = WAITING_MAX, cost: Cost = DEAR
    ) -> None:
        self._argon2 = PasswordHasher(cost.passes, cost.memory_kib, PARALLELISM)
        self._threads = ThreadPoolExecutor(threads, "passwords")
        self._room = threads + waiting_max
        self._nobodys = self._argon2.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        """What is kept of a password.

        :raises TooManyTries: while too many others are being reckoned.
        """
        return await self._reckon(lambda: self._argon2.hash(password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; takes as long for nobody's as for anybody's.

        :raises TooManyTries: while too many others are being reckoned.
        """
        against = self._nobodys if kept is None else kept
        good = await self._reckon(lambda: self._fits(against, password))
        return good and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with less memory or fewer passes than today's."""
        return self._argon2.check_needs_rehash(kept)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._argon2.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _reckon(self, job: Callable[[], T]) -> T:
        if self._room <= 0:
            raise TooManyTries(1)
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        finally:
            self._room += 1
