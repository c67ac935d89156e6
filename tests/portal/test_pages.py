"""The portal's pages as a browser without JavaScript sees them, in both languages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.portal.both import OPERATOR, OWNER, PASSWORD, Pair
from tests.portal.browsing import Browser, client_of, read
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.settings import load
from tradepost.platform.settings.checks import OF_PORTAL
from tradepost.portal.commands import RecordAnswer, TakeOn
from tradepost.portal.domain import By, Check, Role
from tradepost.portal.gateway.passwords import Hasher
from tradepost.portal.http.acts import looked_at
from tradepost.portal.http.desk import PORTAL
from tradepost.portal.http.rendering import _HERE
from tradepost.portal.http.words.en import WORDS as ENGLISH
from tradepost.portal.http.words.ja import WORDS as JAPANESE
from tradepost.wiring.portal import Portal, open_portal


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    environ = Pair(tmp_path).portal_environ(LIMITS_REQUESTS="no")
    settings = load(environ, secrets=OF_PORTAL).settings
    async with open_portal(settings, Hasher(memory_kib=1024, passes=1)) as opened:
        kept = await opened.desk.hasher.hash(PASSWORD)
        here = By(None, "tests", operator=True)
        for email, role in ((OPERATOR, Role.OPERATOR), (OWNER, Role.OWNER)):
            wish = TakeOn(who=here, email=email, name=role.value, role=role, password_hash=kept)
            await opened.bus.send(Scope(PORTAL, SYSTEM), wish)
        yield opened


@pytest.fixture
async def browser(portal: Portal) -> AsyncIterator[Browser]:
    async with client_of(portal) as client:
        yield Browser(client)


SAID = {
    "code": "tea-house",
    "name": "Tea <House>",
    "type": "mall",
    "default_currency": "gbp",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "owner_email": OWNER,
    "owner_name": "Ada",
    "cell": "main",
}


async def test_a_tenant_is_registered_edited_and_provisioned_by_forms_alone(
    portal: Portal, browser: Browser
) -> None:
    await browser.sign_in()
    await browser.get("/tenants/new")
    bad = await browser.fill("/tenants", SAID | {"time_zone": "Mars"}, 422)
    (zone,) = (one for one in bad.all("input") if one.get("name") == "time_zone")
    assert zone["aria-invalid"] == "true"
    assert "problem" in str(zone["aria-describedby"]).split()
    assert zone["value"] == "Mars"
    made = await browser.fill("/tenants", SAID)
    assert made.title == "Tea <House> – Tradepost portal"
    links = [str(one.get("href")) for one in made.all("a")]
    (provision,) = (link for link in links if link.endswith("/steps/provision"))
    place = provision.removesuffix("/steps/provision")
    await browser.get(f"{place}/edit")
    await browser.fill(f"{place}/edit", SAID | {"name": "Coffee House"})
    await browser.get(provision)
    wished = await browser.send(provision, reason="signed on Monday")
    assert any("on its way" in text for text in wished.texts)
    assert any("signed on Monday" in text for text in wished.texts)
    again = await browser.client.get(f"{place}/live")
    assert again.headers["x-waiting"] == "yes"
    stale = await browser.get(f"{place}/steps/withdraw")
    assert stale.title.startswith("Take back to draft")
    await browser.send(f"{place}/steps/withdraw", 409, version="1")
    tenant_id = TenantId(UUID(place.rpartition("/")[2]))
    await _answered(portal, tenant_id)
    failed = await browser.get(place)
    said = " ".join(" ".join(failed.texts).split())
    assert "“Provision” did not succeed. the place cannot be reached" in said
    assert "Connectivity: not passed – cannot be reached" in said
    assert any(str(one.get("href")).endswith("/steps/retry") for one in failed.all("a"))


async def _answered(portal: Portal, tenant_id: TenantId) -> None:
    page = await looked_at(portal.desk, By(None, "tests", operator=True), tenant_id)
    assert page.pending is not None
    checks = (Check("connectivity", False, "unreachable"),)
    wish = RecordAnswer(call_id=page.pending.id, cell_state="provisioning", checks=checks)
    await portal.bus.send(Scope(tenant_id, SYSTEM), wish)


async def test_every_page_speaks_both_languages(browser: Browser) -> None:
    await browser.sign_in()
    await browser.get("/tenants/new")
    made = await browser.fill("/tenants", SAID)
    (edit,) = (str(a["href"]) for a in made.all("a") if str(a.get("href")).endswith("/edit"))
    place = edit.removesuffix("/edit")
    places = ["/", "/tenants/new", place, edit, f"{place}/steps/provision", f"{place}/database"]
    places += ["/people", "/password"]
    for one in places:
        await browser.get(one)
    japanese = await browser.get("/language/ja?next=/people", "ja")
    assert japanese.title.strip() == "利用者 – Tradepost ポータル"
    for one in places:
        page = await browser.get(one, "ja")
        assert re.search(r"[ぁ-んァ-ン一-龥]", page.title)
    refused = await browser.send("/password", 401, "ja", now="wrong", password="x")
    assert any("組み合わせが正しくありません" in text for text in refused.texts)
    missing = await browser.get(f"{place}/steps/fly", "ja", status=404)
    assert any("見つかりません" in text for text in missing.texts)


async def test_the_browsers_language_is_taken_until_another_is_chosen(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "fr, ja-JP;q=0.8, en;q=0.5"
    await browser.get("/sign-in", "ja")
    await browser.get("/language/en?next=/sign-in")


def test_both_languages_say_the_same_things_and_templates_no_others() -> None:
    errors = {key for key in JAPANESE if key.startswith("error.")}
    assert ENGLISH.keys() - JAPANESE.keys() == set()
    assert JAPANESE.keys() - ENGLISH.keys() <= errors  # English has them from the refusals
    used = set()
    for path in (_HERE / "templates").glob("*.html"):
        used |= set(re.findall(r"\bt\([\"']([a-z_.]+)[\"'][,)]", path.read_text()))
    assert used <= ENGLISH.keys()
    for key, text in ENGLISH.items():
        names = re.findall(r"(?<!{){(\w+)}", text)
        assert sorted(names) == sorted(re.findall(r"(?<!{){(\w+)}", JAPANESE[key])), key


async def test_nobody_gets_in_without_signing_in(browser: Browser) -> None:
    page = await browser.get("/people")
    assert page.title.startswith("Sign in")
    assert browser.last["next"] == "/people"
    wrong = await browser.send("/sign-in", 401, email=OPERATOR, password="nonsense nonsense")
    assert any("do not fit together" in text for text in wrong.texts)
    nobody = await browser.send("/sign-in", 401, email="x@example.com", password=PASSWORD)
    assert [text for text in nobody.texts if "fit" in text] == [
        text for text in wrong.texts if "fit" in text
    ]


async def test_a_page_that_is_asked_for_more_than_it_knows_says_so(browser: Browser) -> None:
    for odd in ("/sign-in?utm_source=x", "/?foo=1", "/sign-in?changed=maybe"):
        answer = await browser.client.get(odd)
        assert answer.status_code == 422 and "<html" in answer.text, answer.text[:200]


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil", "evil"])
async def test_signing_in_leads_to_our_own_pages_only(browser: Browser, next_: str) -> None:
    await browser.get("/sign-in")
    said = browser.last | {"email": OPERATOR, "password": PASSWORD, "next": next_}
    answer = await browser.client.post("/sign-in", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))


async def test_forms_of_others_are_refused_and_change_nothing(
    portal: Portal, browser: Browser
) -> None:
    await browser.sign_in()
    await browser.get("/tenants/new")
    good = browser.last | SAID
    async with client_of(portal) as other_client:
        other = Browser(other_client)
        await other.sign_in(OWNER)
        foreign = good | other.last
    tries: list[tuple[dict[str, str], dict[str, str], int]] = [
        (good | {"form_seal": ""}, {}, 403),
        ({key: text for key, text in good.items() if key != "form_seal"}, {}, 403),
        (foreign, {}, 403),
        (good, {"origin": "http://evil.example"}, 403),
        (good, {"origin": "http://shop.portal.test"}, 403),
        (good, {"origin": "null"}, 403),
        (good, {"sec-fetch-site": "cross-site"}, 403),
        (good, {"sec-fetch-site": "same-site"}, 403),
        (good, {"content-type": "text/plain"}, 422),
        (good, {"content-type": "application/json"}, 422),
    ]
    for said, headers, status in tries:
        kind = {"content-type": "application/x-www-form-urlencoded"} | headers
        body = str(httpx.QueryParams(said))
        answer = await browser.client.post("/tenants", content=body, headers=kind)
        assert answer.status_code == status, (headers, answer.text)
        read(answer)
    listed = await browser.get("/")
    assert any("There is no tenant yet." in text for text in listed.texts)
    twice = str(httpx.QueryParams(good)) + "&code=other"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (await browser.client.post("/tenants", content=twice, headers=kind)).status_code == 422
    same = {"origin": "http://portal.test", "sec-fetch-site": "same-origin"}
    answer = await browser.client.post("/tenants", data=good, headers=same)
    assert answer.status_code == 303


async def test_a_cookie_opens_no_api_and_a_bearer_no_page(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.client.get("/api/v1/tenants")).status_code == 401
    said = {"email": OPERATOR, "password": PASSWORD}
    over = {"authorization": "Bearer over"}
    tokens = (await browser.client.post("/api/v1/sign-in", json=said, headers=over)).json()
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    browser.client.cookies.clear()
    assert (await browser.client.get("/api/v1/tenants", headers=bearer)).status_code == 200
    assert (await browser.client.get("/", headers=bearer)).status_code == 303
    renewing = {"authorization": f"Bearer {tokens['session_token']}"}
    assert (await browser.client.get("/api/v1/tenants", headers=renewing)).status_code == 401
    renewed = await browser.client.post(
        "/api/v1/renew", json={"session_token": tokens["session_token"]}
    )
    assert renewed.status_code == 200
    for token in (tokens["access_token"], "x", tokens["session_token"][:-2]):
        answer = await browser.client.post("/api/v1/renew", json={"session_token": token})
        assert answer.status_code == 401


async def test_owners_run_no_people_and_whoever_is_shut_out_is_out(
    portal: Portal, browser: Browser
) -> None:
    async with client_of(portal) as client:
        ada = Browser(client)
        await ada.sign_in(OWNER)
        await ada.get("/people", status=403)
        await browser.sign_in()
        people = await browser.get("/people")
        (turn,) = (str(form["action"]) for form in people.all("form")
                   if re.fullmatch(r"/people/[0-9a-f-]+", str(form["action"])))  # fmt: skip
        await browser.send(turn)
        assert (await ada.get("/")).title.startswith("Sign in")
        await ada.send("/sign-in", 401, email=OWNER, password=PASSWORD)


async def test_a_sign_out_and_a_new_password_end_sessions(portal: Portal, browser: Browser) -> None:
    await browser.sign_in()
    cookies = dict(browser.client.cookies)
    await browser.get("/password")
    await browser.send("/password", 422, now=PASSWORD, password="short")
    changed = await browser.send("/password", now=PASSWORD, password="another pass phrase")
    assert any("was changed" in text for text in changed.texts)
    assert (await browser.get("/")).title.startswith("Sign in")
    await browser.send("/sign-in", email=OPERATOR, password="another pass phrase")
    await browser.get("/")
    before = dict(browser.client.cookies)
    assert before["tradepost_portal"] != cookies["tradepost_portal"]
    assert (await browser.send("/sign-out")).title.startswith("Sign in")
    browser.client.cookies.set("tradepost_portal", before["tradepost_portal"])
    assert (await browser.get("/")).title.startswith("Sign in")


async def test_https_has_cookies_of_its_own_host(tmp_path: Path) -> None:
    environ = Pair(tmp_path).portal_environ(PORTAL_URL="https://portal.example.com")
    settings = load(environ, secrets=OF_PORTAL).settings
    hasher = Hasher(memory_kib=1024, passes=1)
    async with open_portal(settings, hasher) as opened, client_of(opened) as client:
        answer = await client.get("/sign-in")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-tradepost-visitor=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))


async def test_a_database_form_never_shows_a_password(browser: Browser) -> None:
    await browser.sign_in()
    await browser.get("/tenants/new")
    made = await browser.fill("/tenants", SAID)
    (edit,) = (str(a["href"]) for a in made.all("a") if str(a.get("href")).endswith("/edit"))
    place = edit.replace("/edit", "/database")
    secret = "hidden-word-4711"
    said: dict[str, Any] = {"host": "db.example.com", "port": "5432", "name": "s", "user": "s"}
    said |= {"password": secret, "tls": "verify"}
    for more in ({"host": "/var/run"}, {"port": "99999"}, {"port": "x"}, {"tls": "prefer"}):
        await browser.get(place)
        page = await browser.client.post(place, data=browser.last | said | more)
        assert page.status_code == 422
        assert secret not in page.text
        read(page)
    await browser.get(place)
    page = await browser.client.post(place, data=browser.last | said, follow_redirects=True)
    assert "db.example.com:5432/s" in page.text
    assert "Being checked" in page.text
    assert secret not in page.text


async def test_the_api_is_documented_and_the_files_are_ours(browser: Browser) -> None:
    document = (await browser.client.get("/api/v1/openapi.json")).json()
    assert "/api/v1/tenants/{tenant_id}/steps/{action}" in document["paths"]
    assert "/tenants/new" not in document["paths"]
    for name, kind in (("portal.css", "text/css"), ("portal.js", "text/javascript")):
        answer = await browser.client.get(f"/static/{name}")
        assert answer.headers["content-type"].startswith(kind)
        assert "://" not in answer.text
