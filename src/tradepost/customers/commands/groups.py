"""Groups of customers."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.customers.domain import CustomerGroup
from tradepost.customers.errors import GroupCodeTaken
from tradepost.customers.ports import Groups
from tradepost.events.customers import CustomerGroupCreated, CustomerGroupUpdated
from tradepost.kernel.ids import CustomerGroupId, Ids
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class CreateGroup(Command):
    """Make a group of customers."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameGroup(Command):
    """Give a group another name."""

    group_id: CustomerGroupId
    name: str
    version: int


async def create_group(
    wish: CreateGroup, groups: Groups, facts: Facts, ids: Ids
) -> CustomerGroupId:
    """Keep a new group under a code nobody has."""
    group = CustomerGroup.made(CustomerGroupId(ids.new()), wish.code, wish.name)
    if await groups.by_code(group.code):
        raise GroupCodeTaken(group.code)
    groups.add(group)
    facts.tell(CustomerGroupCreated(group.id, group.code), group.version, wish.at)
    return group.id


async def rename_group(wish: RenameGroup, groups: Groups, facts: Facts) -> int:
    """Keep a group's new name."""
    group = (await groups.get(wish.group_id)).renamed(wish.name)
    version = await groups.save(group, wish.version)
    facts.tell(CustomerGroupUpdated(group.id), version, wish.at)
    return version


HANDLERS = {CreateGroup: create_group, RenameGroup: rename_group}
