"""Tabs and their rounds, for waiters. Every change names the tab's version that it is based on."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.floor.commands.cooking import ServeTab
from tradepost.floor.commands.opened import TabAnswer
from tradepost.floor.commands.rounds import (
    ChangeRound,
    DraftRound,
    DropRound,
    RoundAnswer,
    SendRound,
)
from tradepost.floor.commands.tabs import (
    ChangeTab,
    CloseTab,
    MergeTabs,
    MoveTab,
    OpenTab,
)
from tradepost.floor.commands.voids import VoidLine, VoidRound, VoidTab
from tradepost.floor.domain.tab import TabState
from tradepost.floor.http.bodies import (
    BasedBody,
    MergeBody,
    MoveBody,
    NewRoundBody,
    OpenBody,
    ReasonBody,
    RoundBody,
    TabBody,
    VoidLineBody,
)
from tradepost.floor.queries.tabs import tab_page, tab_rows
from tradepost.floor.queries.views import TabRow, TabView
from tradepost.kernel.ids import FloorTableId, RoundId, RoundLineId, TabId, UnitId
from tradepost.kernel.messages import Command
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Floor"]
TABS = "/api/v1/tabs"
TAB = f"{TABS}/{{tab_id:uuid}}"
ROUND = f"{TAB}/rounds/{{round_id:uuid}}"
READ, WRITE, VOID = Permission.TABS_READ, Permission.TABS_WRITE, Permission.TABS_VOID


@get(TABS, opt=door(READ), tags=TAGS)
async def list_tabs(
    caller: FromCaller,
    paging: FromPaging,
    unit_id: FromQuery[UUID | None] = None,
    status: FromQuery[TabState | None] = None,
) -> Page[TabRow]:
    """Tabs, the newest first."""
    unit = None if unit_id is None else UnitId(unit_id)
    rows = await caller.ask(tab_rows, unit, status, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@post(TABS, opt=door(WRITE, key=True), tags=TAGS)
async def open_tab(data: JSONBody[OpenBody], caller: FromCaller) -> Response[TabAnswer]:
    """Open a tab at a free table, or one by a name."""
    table = None if data.table_id is None else FloorTableId(data.table_id)
    wish = OpenTab(UnitId(data.unit_id), table, data.name, data.guests)
    made: TabAnswer = await caller.send(wish)
    return versioned(made, made.version, status=201, location=f"{TABS}/{made.tab_id}")


@get(TAB, opt=door(READ), tags=TAGS)
async def read_tab(tab_id: FromPath[UUID], caller: FromCaller) -> Response[TabView]:
    """A tab: rounds, lines, checks, and what is due."""
    return await _tab(caller, tab_id)


@put(TAB, opt=door(WRITE), tags=TAGS)
async def change_tab(
    tab_id: FromPath[UUID], data: JSONBody[TabBody], caller: FromCaller
) -> Response[TabView]:
    """Change name and number of guests."""
    return await _done(
        caller, ChangeTab(TabId(tab_id), data.name, data.guests, data.version), tab_id
    )


@post(f"{TAB}/move", opt=door(WRITE), tags=TAGS, status_code=200)
async def move_tab(
    tab_id: FromPath[UUID], data: JSONBody[MoveBody], caller: FromCaller
) -> Response[TabView]:
    """Move a tab to a free table, or away from all of them."""
    table = None if data.table_id is None else FloorTableId(data.table_id)
    return await _done(caller, MoveTab(TabId(tab_id), table, data.name, data.version), tab_id)


@post(f"{TAB}/merge", opt=door(WRITE), tags=TAGS, status_code=200)
async def merge_tabs(
    tab_id: FromPath[UUID], data: JSONBody[MergeBody], caller: FromCaller
) -> Response[TabView]:
    """Take over all of another tab; nothing is cooked again."""
    source = TabId(data.from_id)
    wish = MergeTabs(TabId(tab_id), source, data.version, data.from_version)
    return await _done(caller, wish, tab_id)


@post(f"{TAB}/close", opt=door(WRITE), tags=TAGS, status_code=200)
async def close_tab(
    tab_id: FromPath[UUID], data: JSONBody[BasedBody], caller: FromCaller
) -> Response[TabView]:
    """Close a tab that owes nothing."""
    return await _done(caller, CloseTab(TabId(tab_id), data.version), tab_id)


@post(f"{TAB}/serve", opt=door(Permission.KITCHEN_WORK), tags=TAGS, status_code=200)
async def serve_tab(tab_id: FromPath[UUID], caller: FromCaller) -> Response[TabView]:
    """Everything that was sent is on the table, for houses that keep no kitchen screen."""
    return await _done(caller, ServeTab(TabId(tab_id)), tab_id)


@post(f"{TAB}/void", opt=door(VOID), tags=TAGS, status_code=200)
async def void_tab(
    tab_id: FromPath[UUID], data: JSONBody[ReasonBody], caller: FromCaller
) -> Response[TabView]:
    """Call a tab off with everything on it, before anything is paid."""
    return await _done(caller, VoidTab(TabId(tab_id), data.reason, data.version), tab_id)


@post(f"{TAB}/rounds", opt=door(WRITE, key=True), tags=TAGS)
async def draft_round(
    tab_id: FromPath[UUID], data: JSONBody[NewRoundBody], caller: FromCaller
) -> Response[RoundAnswer]:
    """Write a round down, or send it at once."""
    wish = DraftRound(TabId(tab_id), data.dishes(), data.send, data.version)
    made: RoundAnswer = await caller.send(wish)
    place = f"{TABS}/{tab_id}/rounds/{made.round_id}"
    return versioned(made, made.tab.version, status=201, location=place)


@put(ROUND, opt=door(WRITE), tags=TAGS)
async def change_round(
    tab_id: FromPath[UUID],
    round_id: FromPath[UUID],
    data: JSONBody[RoundBody],
    caller: FromCaller,
) -> Response[TabView]:
    """Write a round anew that was not sent."""
    wish = ChangeRound(TabId(tab_id), RoundId(round_id), data.dishes(), data.version)
    return await _done(caller, wish, tab_id)


@post(f"{ROUND}/send", opt=door(WRITE), tags=TAGS, status_code=200)
async def send_round(
    tab_id: FromPath[UUID],
    round_id: FromPath[UUID],
    data: JSONBody[BasedBody],
    caller: FromCaller,
) -> Response[TabView]:
    """Send a round to the kitchen: it becomes an order, at the prices of now."""
    return await _done(caller, SendRound(TabId(tab_id), RoundId(round_id), data.version), tab_id)


@post(f"{ROUND}/drop", opt=door(WRITE), tags=TAGS, status_code=200)
async def drop_round(
    tab_id: FromPath[UUID],
    round_id: FromPath[UUID],
    data: JSONBody[BasedBody],
    caller: FromCaller,
) -> Response[TabView]:
    """Forget a round that was not sent."""
    return await _done(caller, DropRound(TabId(tab_id), RoundId(round_id), data.version), tab_id)


@post(f"{ROUND}/void", opt=door(VOID), tags=TAGS, status_code=200)
async def void_round(
    tab_id: FromPath[UUID],
    round_id: FromPath[UUID],
    data: JSONBody[ReasonBody],
    caller: FromCaller,
) -> Response[TabView]:
    """Take back a round that was sent, before it is paid."""
    wish = VoidRound(TabId(tab_id), RoundId(round_id), data.reason, data.version)
    return await _done(caller, wish, tab_id)


@post(f"{TAB}/lines/{{line_id:uuid}}/void", opt=door(VOID), tags=TAGS, status_code=200)
async def void_line(
    tab_id: FromPath[UUID],
    line_id: FromPath[UUID],
    data: JSONBody[VoidLineBody],
    caller: FromCaller,
) -> Response[TabView]:
    """Take units of a line back that was sent, before they are paid."""
    line = RoundLineId(line_id)
    wish = VoidLine(TabId(tab_id), line, data.reason, data.quantity, data.version)
    return await _done(caller, wish, tab_id)


async def _done(caller: Caller, wish: Command, tab_id: UUID) -> Response[TabView]:
    await caller.send(wish)
    return await _tab(caller, tab_id)


async def _tab(caller: Caller, tab_id: UUID) -> Response[TabView]:
    view = await caller.ask(tab_page, TabId(tab_id))
    return versioned(view, view.tab.version)


ROUTES = (
    list_tabs,
    open_tab,
    read_tab,
    change_tab,
    move_tab,
    merge_tabs,
    close_tab,
    serve_tab,
    void_tab,
    draft_round,
    change_round,
    send_round,
    drop_round,
    void_round,
    void_line,
)
