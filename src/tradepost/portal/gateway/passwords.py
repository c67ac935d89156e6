"""Passwords of the portal's people by Argon2id, in a thread of their own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tradepost.portal.errors import TooManySignIns

T = TypeVar("T")
MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
"""What a try costs whoever guesses (OWASP password storage)."""
WAITING_MAX: Final = 32


class Hasher:
    """Hashes and verifies; nobody's password takes as long as somebody's."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._argon2 = PasswordHasher(passes, memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(1, "passwords")
        self._room = WAITING_MAX
        self._nobodys = self._argon2.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        return await self._reckoned(self._argon2.hash, password)

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether it is the password."""
        tried = normalize("NFC", password)
        good = await self._reckoned(self._fits, kept or self._nobodys, tried)
        return bool(good) and kept is not None

    def close(self) -> None:
        """Let the thread go."""
        self._threads.shutdown()

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._argon2.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _reckoned(self, job: Callable[..., T], *args: str) -> T:
        if self._room <= 0:
            raise TooManySignIns(1)
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job, *args)
        finally:
            self._room += 1
