"""The page behind a problem's type: what its code means and what can be done."""

from __future__ import annotations

import msgspec
from litestar import get
from litestar.params import FromPath

from tradepost.kernel.errors import REASONS, Unknown, sentences
from tradepost.platform.web.door import PUBLIC, Shared, door
from tradepost.platform.web.problem import PROBLEM_PATH, status_of


class Explanation(msgspec.Struct, frozen=True):
    """A reason; words in braces are filled in from the problem's own members."""

    code: str
    status: int
    message: str
    remedy: str


@get(
    PROBLEM_PATH + "{code:str}",
    opt=door(PUBLIC, shop=False, cache=Shared(3600, 86400)),
    tags=["Service"],
    sync_to_thread=False,
)
def read_problem(code: FromPath[str]) -> Explanation:
    """What the code of a problem document means."""
    reason = REASONS.get(code)
    if reason is None:
        raise Unknown("problem", code[:100])
    said, remedy = (text.replace(":money}", "}") for text in sentences(reason))
    return Explanation(code, status_of(reason), said, remedy)
