"""Staff and roles: nobody gives or takes more than they have, and changes hold at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.identity.conftest import PASSWORD, People
from tests.shops import told
from tradepost.identity.commands import (
    ChangeRole,
    ChangeStaff,
    ChangeStaffPassword,
    CreateRole,
    CreateStaff,
    RevokeStaff,
)
from tradepost.identity.domain import (
    BUILT_IN,
    PLATFORM_TENANT_ID,
    SUPER_ADMIN,
    StaffStatus,
    SubjectKind,
)
from tradepost.identity.domain.roles import held
from tradepost.identity.errors import (
    BadPassword,
    BadPermission,
    BuiltIn,
    EmailTaken,
    GrantsTooMuch,
    NotOnYourself,
    RoleCodeTaken,
    SignedOut,
    WrongCredentials,
)
from tradepost.identity.http.doors import Visitor
from tradepost.identity.queries import roles_page, staff_member, staff_page
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import StaffId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.kernel.permissions import ALL, OF_PLATFORM, Permission
from tradepost.platform.tokens import Audience

ADMIN = Audience.ADMIN
STAFF = SubjectKind.STAFF


async def actor(people: People, scope: Scope, *roles: str) -> tuple[StaffId, Scope]:
    """Somebody in these roles, and the scope in which they act."""
    email = f"{uuid4().hex}@example.com"
    staff_id = await people.hire(scope, email, *roles)
    person = await people.person(await people.staff(scope, email), ADMIN)
    return staff_id, Scope(scope.tenant_id, person.actor)


def test_the_roles_of_the_product_are_sets_of_known_permissions() -> None:
    names = {
        "super_admin", "admin", "manager", "catalog_editor", "fulfillment", "picker", "cashier",
        "waiter", "kitchen", "accountant", "vendor_staff", "viewer",
    }  # fmt: skip
    assert names == BUILT_IN.keys()
    for code, permissions in BUILT_IN.items():
        if code == SUPER_ADMIN:
            assert permissions == {ALL}
        else:
            assert permissions <= frozenset(Permission) - OF_PLATFORM, code
            assert permissions <= BUILT_IN["admin"]
    assert all(p.endswith(".read") for p in BUILT_IN["viewer"])
    assert held(("picker", "gone"), []) == BUILT_IN["picker"]
    assert held((), []) == frozenset()


async def test_somebody_is_hired_and_seen_without_a_hash(people: People, shop: Scope) -> None:
    staff_id = await people.hire(shop, "Sam@Example.com", "cashier", "picker", "picker")
    member = await people.bus.ask(shop, staff_member, staff_id)
    assert (member.email, member.roles) == ("Sam@example.com", ("cashier", "picker"))
    assert "argon2" not in str(await people.bus.ask(shop, staff_page))
    assert await told(people.bus, shop, staff_id) == [("staff.created", 1)]
    with pytest.raises(EmailTaken):
        await people.hire(shop, "sam@example.com", "viewer")
    other = await people.shop()
    await people.hire(other, "sam@example.com", "viewer")
    with pytest.raises(Unknown):
        await people.bus.ask(other, staff_member, staff_id)


@pytest.mark.parametrize(
    ("role", "grants", "refusal"),
    [
        ("manager", ("cashier",), None),
        ("manager", ("manager",), None),
        ("manager", ("admin",), GrantsTooMuch),
        ("manager", ("accountant",), GrantsTooMuch),
        ("admin", ("admin", "accountant"), None),
        ("admin", (SUPER_ADMIN,), Unknown),
        ("admin", ("emperor",), Unknown),
        ("viewer", ("viewer",), None),
        ("viewer", ("picker",), GrantsTooMuch),
    ],
)
async def test_nobody_grants_more_than_they_have(
    people: People, shop: Scope, role: str, grants: tuple[str, ...], refusal: type | None
) -> None:
    _, hirer = await actor(people, shop, role)
    wish = CreateStaff("new@example.com", "New", await people.hasher.hash(PASSWORD), grants)
    if refusal is None:
        await people.bus.send(hirer, wish)
    else:
        with pytest.raises(refusal):
            await people.bus.send(hirer, wish)
        assert "new@example.com" not in str(await people.bus.ask(shop, staff_page))


async def test_super_admin_is_nothing_that_a_shop_can_grant(people: People, shop: Scope) -> None:
    with pytest.raises(Unknown):
        await people.hire(shop, "root@example.com", SUPER_ADMIN)


async def test_nobody_touches_themselves_or_those_above_them(people: People, shop: Scope) -> None:
    manager_id, manager = await actor(people, shop, "manager")
    admin_id, _ = await actor(people, shop, "admin")
    kept = await people.hasher.hash("another password")
    for wish, refusal in (
        (ChangeStaff(manager_id, "M", ("manager", "viewer"), StaffStatus.ACTIVE, 1), NotOnYourself),
        (ChangeStaff(admin_id, "A", ("viewer",), StaffStatus.ACTIVE, 1), GrantsTooMuch),
        (ChangeStaff(admin_id, "A", ("admin",), StaffStatus.DISABLED, 1), GrantsTooMuch),
        (ChangeStaffPassword(admin_id, kept), GrantsTooMuch),
        (ChangeStaffPassword(admin_id, kept, 0), GrantsTooMuch),
        (ChangeStaffPassword(manager_id, kept, 7), WrongCredentials),
        (RevokeStaff(admin_id), GrantsTooMuch),
    ):
        with pytest.raises(refusal):
            await people.bus.send(manager, wish)
    assert (await people.bus.ask(shop, staff_member, admin_id)).version == 1


async def test_a_change_of_roles_ends_what_was_signed_in(people: People, shop: Scope) -> None:
    _, admin = await actor(people, shop, "admin")
    staff_id = await people.hire(shop, "sam@example.com", "cashier")
    signed_in = await people.staff(shop, "sam@example.com")
    assert "payments.record" in (await people.person(signed_in, ADMIN)).actor.permissions
    change = ChangeStaff(staff_id, "Sam", ("viewer",), StaffStatus.ACTIVE, 1)
    assert await people.bus.send(admin, change) == 2
    with pytest.raises(Stale):
        await people.bus.send(admin, change)
    people.hands.wait(seconds=5)
    with pytest.raises(SignedOut):
        await people.person(signed_in, ADMIN)
    anew = await people.person(await people.staff(shop, "sam@example.com"), ADMIN)
    assert anew.actor.permissions == BUILT_IN["viewer"]
    await people.bus.send(admin, ChangeStaff(staff_id, "Sam", (), StaffStatus.DISABLED, 2))
    with pytest.raises(WrongCredentials):
        await people.staff(shop, "sam@example.com")
    assert [name for name, _ in await told(people.bus, shop, staff_id)] == [
        "staff.created",
        "staff.updated",
        "staff.updated",
    ]


async def test_staff_change_their_own_password_or_get_a_new_one(
    people: People, shop: Scope
) -> None:
    _, admin = await actor(people, shop, "admin")
    staff_id = await people.hire(shop, "sam@example.com", "cashier")
    signed_in = await people.staff(shop, "sam@example.com")
    by = Visitor(shop.tenant_id, "192.0.2.7")
    person = await people.person(signed_in, ADMIN)
    own = await people.doors.change_password(by, person, PASSWORD, "my own new password")
    assert (await people.person(own, ADMIN)).actor.id == staff_id
    with pytest.raises(BadPassword):
        await people.doors.give_password(admin, staff_id, "short")
    await people.doors.give_password(admin, staff_id, "given by the boss")
    people.hands.wait(seconds=5)
    with pytest.raises(SignedOut):
        await people.person(own, ADMIN)
    await people.doors.sign_in(by, STAFF, "sam@example.com", "given by the boss")


async def test_a_tenant_makes_roles_of_its_own(people: People, shop: Scope) -> None:
    _, admin = await actor(people, shop, "admin")
    wish = CreateRole("night-shift", "Night shift", ("orders.read", "inventory.read"))
    role_id = await people.bus.send(admin, wish)
    with pytest.raises(RoleCodeTaken):
        await people.bus.send(admin, wish)
    for code in ("admin", "super-admin", "vendor-staff"):
        with pytest.raises(BuiltIn):
            await people.bus.send(admin, CreateRole(code, "Mine", ()))
    for odd in ("orders.fly", "tenants.write", "*", ""):
        with pytest.raises(BadPermission):
            await people.bus.send(admin, CreateRole("odd", "Odd", (odd,)))
    await people.hire(shop, "owl@example.com", "night-shift")
    owl = await people.staff(shop, "owl@example.com")
    assert (await people.person(owl, ADMIN)).actor.permissions == {"orders.read", "inventory.read"}
    change = ChangeRole(role_id, "Nights", ("orders.read",), 1)
    assert await people.bus.send(admin, change) == 2
    people.hands.wait(seconds=5)
    assert (await people.person(owl, ADMIN)).actor.permissions == {"orders.read"}
    (role,) = await people.bus.ask(shop, roles_page)
    assert (role.name, role.version) == ("Nights", 2)
    other = await people.shop()
    with pytest.raises(Unknown):
        await people.hire(other, "owl@example.com", "night-shift")


async def test_a_role_is_changed_by_those_who_hold_all_of_it_and_are_not_in_it(
    people: People, shop: Scope
) -> None:
    role_id = await people.bus.send(
        shop, CreateRole("books", "Books", ("ledger.read", "ledger.adjust", "roles.write"))
    )
    _, manager = await actor(people, shop, "manager")
    with pytest.raises(GrantsTooMuch):
        await people.bus.send(manager, ChangeRole(role_id, "Books", (), 1))
    with pytest.raises(GrantsTooMuch):
        await people.bus.send(manager, CreateRole("more", "More", ("ledger.adjust",)))
    _, keeper = await actor(people, shop, "books")
    with pytest.raises(NotOnYourself):
        await people.bus.send(keeper, ChangeRole(role_id, "Books", ("ledger.read",), 1))


async def test_the_platforms_own_people_may_enter_every_shop(people: People, shop: Scope) -> None:
    platform = Scope(PLATFORM_TENANT_ID, SYSTEM)
    email = f"{uuid4().hex}@example.com"
    root_id = await people.hire(platform, email, SUPER_ADMIN)
    root = await people.person(await people.staff(platform, email), ADMIN)
    assert root.everywhere
    assert root.actor.id == root_id
    assert root.actor.may("tenants.write")
    hired = await people.hire(shop, "first@example.com", "admin", by=root.actor)
    member = await people.bus.ask(shop, staff_member, hired)
    assert member.roles == ("admin",)
    with pytest.raises(WrongCredentials):
        await people.staff(shop, email)
    admin = await people.person(await people.staff(shop, "first@example.com"), ADMIN)
    assert not admin.everywhere
    with pytest.raises(GrantsTooMuch):
        await people.hire(platform, f"{uuid4().hex}@example.com", SUPER_ADMIN, by=admin.actor)
    again = await people.staff(platform, email)
    await people.doors.sign_out_everywhere(Visitor(shop.tenant_id), root)
    with pytest.raises(SignedOut):
        await people.person(again, ADMIN)


async def test_an_unknown_actor_has_no_permissions(people: People, shop: Scope) -> None:
    nobody = Scope(shop.tenant_id, Actor("guest"))
    wish = CreateStaff("new@example.com", "New", "hash", ("viewer",))
    with pytest.raises(GrantsTooMuch):
        await people.bus.send(nobody, wish)
