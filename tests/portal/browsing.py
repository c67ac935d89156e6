"""A browser without JavaScript, and what it asks of a page so that everybody can use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.portal.both import OPERATOR, PASSWORD
from tradepost.wiring.portal import Portal

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """What of a page matters to those who use it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.title = ""
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} is closed and was not open"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title":
            self.title += data
        self.texts.append(data)

    def all(self, name: str) -> Iterator[dict[str, str | None]]:
        """The attributes of all elements of a name."""
        return (attrs for tag, attrs in self.tags if tag == name)


def read(answer: httpx.Response, language: str = "en") -> Reader:
    """A page that is well formed and can be used by everybody."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    page = Reader()
    page.feed(answer.text)
    assert page.open == []
    (html,) = page.all("html")
    assert html["lang"] == language
    assert page.title.strip()
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert any(attrs.get("name") == "viewport" for attrs in page.all("meta"))
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {attrs["for"] for attrs in page.all("label")}
    for tag, attrs in page.tags:
        if tag in ("input", "select") and attrs.get("type") != "hidden":
            assert attrs["id"] in labelled
        for name in ("src", "href", "action"):
            target = attrs.get(name)
            assert target is None or target.startswith(("/", "#", "data:,")), target
            assert not (target or "").startswith("//")
        described = (attrs.get("aria-describedby") or "").split()
        assert set(described) <= set(ids)
        assert not any(name.startswith("on") for name in attrs)
        assert "style" not in attrs
    for form in page.all("form"):
        assert form["method"] == "post"
    return page


@dataclass
class Browser:
    """A browser without JavaScript: it follows redirects and fills in forms."""

    client: httpx.AsyncClient
    last: dict[str, str] = field(default_factory=dict)

    async def get(self, place: str, language: str = "en", status: int = 200) -> Reader:
        """Open a page."""
        answer = await self.client.get(place, follow_redirects=True)
        assert answer.status_code == status, answer.text
        return self._seen(answer, language)

    async def send(
        self, place: str, status: int = 200, language: str = "en", /, **said: str
    ) -> Reader:
        """Send the form of the page that was opened last."""
        return await self.fill(place, said, status, language)

    async def fill(
        self, place: str, said: dict[str, str], status: int = 200, language: str = "en"
    ) -> Reader:
        """As ``send``, with what is filled in as a whole."""
        answer = await self.client.post(place, data=self.last | said, follow_redirects=True)
        assert answer.status_code == status, answer.text
        return self._seen(answer, language)

    def _seen(self, answer: httpx.Response, language: str) -> Reader:
        page = read(answer, language)
        hidden = [one for one in page.all("input") if one.get("type") == "hidden"]
        self.last = {str(one["name"]): str(one["value"]) for one in hidden}
        return page

    async def sign_in(self, email: str = OPERATOR) -> Reader:
        """Sign in."""
        await self.get("/sign-in")
        return await self.send("/sign-in", email=email, password=PASSWORD)


def client_of(portal: Portal) -> httpx.AsyncClient:
    """A client of the portal's own app."""
    transport = httpx.ASGITransport(portal.app)  # type: ignore[arg-type]  # ASGI in other words
    return httpx.AsyncClient(transport=transport, base_url="http://portal.test")
