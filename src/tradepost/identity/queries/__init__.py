"""Who somebody is: credentials, standing, lists of staff and roles."""

from tradepost.identity.queries.people import (
    SignInView,
    StaffView,
    own_role,
    roles_page,
    sign_ins_page,
    staff_member,
    staff_page,
)
from tradepost.identity.queries.standing import (
    Authenticator,
    Credentials,
    Person,
    Standing,
    credentials,
    own_credentials,
    standing,
)

__all__ = [
    "Authenticator",
    "Credentials",
    "Person",
    "SignInView",
    "StaffView",
    "Standing",
    "credentials",
    "own_credentials",
    "own_role",
    "roles_page",
    "sign_ins_page",
    "staff_member",
    "staff_page",
    "standing",
]
