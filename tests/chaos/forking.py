"""The server that every process of these tests is forked from: it has loaded everything already."""

from __future__ import annotations

import multiprocessing

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(
    [
        "tests.chaos.process",
        "tests.chaos.house",
        "tests.portal.both",
        "tradepost.platform.transport.redis",
    ]
)
