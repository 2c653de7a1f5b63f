"""Walk the admin as a person would, and collect the words that it shows."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

# Words of English that French does not have: one of them tells that a sentence was left over.
ENGLISH_WORDS = """
a about access account add added address after again against alert align aligned all allowed
alternative an and any apply approve approved are as ask at author available avatar back be been
before below between body browse bulk button by cancel cannot caption change changed changes
character check child choose chosen clear click close collapse comment comments compare confirm
content convert copied could create created current dashboard dashboards date/time deleted
default delete deleted descending details disabled display do done download draft drafts
dropdown duplicate each edit edited editing editor email empty enable enabled enter entry error
errors exist existing expand expired explorer export failed field fields file files filter
filters find first for found from full get go group groups has have heading height help here
hidden hide history home how if in inactive into invalid is issue issues it item items keyboard
label last latest left less line link links list listing load loading locale locked login logout
make manage match matches media-file missing more move moved must my name named new next no none
not nothing now number of off ok old one only open options other our out own owner parent's
password permissions picture please preview previous privacy private profile promote publish
published redirect redirects rejected remove removed rename replace reports required reset
results return review revision right root row save saved saving schedule scheduled search see
select selected send set settings shortcuts should show size snippet snippets sort staff status
step submit submitted success summary sync task tasks text than that the their there these they
thing this title to toggle translate translated type-of unlock unpublish unpublished until up
update updated upload uploaded usage use used user username users value version view visible was
we well were what when where which who will with within word words yes you your
"""
# Written alike in both languages, or quoted in a French sentence.
FRENCH_WORDS = """
an a as change comment date/time do et explorer file in label locale no on or permissions set son
type version visible word
"""
ENGLISH = frozenset(ENGLISH_WORDS.split()) - frozenset(FRENCH_WORDS.split())
WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-zÀ-ÿ]+)*")
SHOWN = ("aria-label", "aria-description", "title", "placeholder", "alt", "content")
# A bubble that scripts fill; « None » until then, and hidden.
UNCOUNTED = "data-side-panel-toggle-counter"
SKIPPED = {"script", "style", "code", "kbd", "pre", "svg", "textarea"}
# What scripts show of the data that they are given: {"label": "Pages", …}.
PROPS = {"label", "text", "placeholder", "helpText", "heading", "description", "message"}


def english(text: str) -> set[str]:
    """The English words of `text`."""
    words = {word.lower().replace("’", "'") for word in WORD.findall(text)}
    return words & ENGLISH


class Screen(HTMLParser):
    """What one screen shows and where it leads."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.links: list[str] = []
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {key: value or "" for key, value in attrs}
        if tag in SKIPPED or UNCOUNTED in given:
            self._within.append(tag)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.texts += [given[key] for key in SHOWN if given.get(key)]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.texts.append(given.get("value", ""))
        for key, value in given.items():
            if key.startswith("data-") and value[:1] in "{[":
                self._hear_props(value)

    def handle_endtag(self, tag):
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data):
        if not self._within and data.strip():
            self.texts.append(" ".join(data.split()))
        elif self._within[-1:] == ["script"]:
            self._hear_props(data)

    def _hear_props(self, value: str):
        """What JSON gives to a script: the words and the addresses of the menu."""
        self.texts += props(value, PROPS)
        self.links += props(value, {"url"})


def props(value: str, names: set[str]) -> list[str]:
    """The texts that JSON holds under these names; none where it is no JSON."""
    try:
        return list(_named(json.loads(value), names))
    except json.JSONDecodeError:
        return []


def _named(value, names: set[str]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item, names)
    elif isinstance(value, dict):
        for key, text in value.items():
            if key in names and isinstance(text, str) and text[:1] != "{":  # a text being written
                yield text
        yield from _named([*value.values()], names)


def kind(path: str) -> str:
    """Addresses of one kind, whatever number they hold, are one screen."""
    return re.sub(r"\d+", "N", path)


def walk(client, start: str = "/admin/", *, limit: int = 400, each: int = 1) -> Iterator[tuple]:
    """(address, Screen) of every kind of screen that links lead to."""
    waiting, seen = [start], {}
    while waiting and sum(seen.values()) < limit:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code in {301, 302}:
            waiting.append(urljoin(path, answer["Location"]))
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            continue
        screen = Screen(answer.content.decode())
        yield path, screen
        for link in screen.links:
            target = urlsplit(urljoin(path, link))
            address = target.path
            if target.netloc or not address.startswith("/admin/") or "logout" in address:
                continue
            if seen.get(kind(address), 0) < each:
                seen[kind(address)] = seen.get(kind(address), 0) + 1
                waiting.append(address)
