"""What people write stays text in every format that we give out."""

import csv
import io
import json
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pytest
from django.core import mail
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from commons.members.permissions import MODERATOR
from commons.members.privacy import Encoder, export_of
from tests import factories
from tests.contributions.form_data import posted, submitted

pytestmark = pytest.mark.usefixtures("library")
BREAKERS = {
    "script": "</script><script>alert(1)</script>",
    "comment": "<!--<script>]]>-->",
    "attribute": "\" onload=alert(1) ' autofocus onfocus='alert(1)",
    "element": "<img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "entity": "&lt;b&gt; &#x3c; &quot; &nosuch;",
    "control": "a\x0b\x1b\x9f\ufffe\u2028\u2029\x85b",
    "lines": "a\r\nBcc: x@example.org\r\n\r\nER  - \r\nTY  - BOOK\nURL:x",
    "braces": r"}}, author = {{x}} @book{y \input{/etc/passwd} \ % $ # _ ~ ^",
    "formula": '=HYPERLINK("http://x.example","a")',
    "template": "{{ settings.SECRET_KEY }}{% debug %}%(title)s%s{0}{__class__}",
    "quotes": "a\"b'c`d\\e;f/g?h#i",
}


class Read(HTMLParser):
    """The elements of a page, as a browser would see them."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.scripts, self.inside = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "script"

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data


def line(text: str) -> str:
    """As it should come out: on one line, without control characters."""
    return " ".join(re.sub("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe]", "", text).split())


@pytest.fixture(params=BREAKERS)
def said(request) -> str:
    return BREAKERS[request.param]


@pytest.fixture
def page(said):
    """Stored as an editor of the admin may: the public forms clean before."""
    case = {"title": f"Titre {said}", "summary": f"Résumé {said}", "credit": f"Nom {said}"[:200]}
    return factories.article(slug="attaque", body=factories.body(said), **case)


def test_a_page_holds_no_element_and_no_script_that_people_wrote(client, page):
    read = Read(client.get(page.get_url()).content.decode())
    handlers = [(tag, name) for tag, held in read.elements for name in held if name[:2] == "on"]
    assert handlers == []
    assert {tag for tag, _ in read.elements}.isdisjoint({"iframe", "object", "embed", "base"})
    codes = [held for tag, held in read.elements if tag == "script"]
    ours = [held for held in codes if held.get("src", "").startswith("/static/")]
    assert [held for held in codes if held not in ours] == [{"type": "application/ld+json"}]
    assert not [code for code in read.scripts if "alert" in code and not code.startswith("{")]


def test_json_ld_and_open_graph_say_what_was_written(client, page):
    read = Read(client.get(page.get_url()).content.decode())
    (data,) = [json.loads(code) for code in read.scripts if code]
    assert (data["name"], data["description"]) == (line(page.title), line(page.summary))
    held = {attrs.get("property"): attrs.get("content") for _, attrs in read.elements}
    assert held["og:title"].split() == page.title.split()
    assert held["og:url"] == page.full_url


@pytest.mark.parametrize("address", ["/fr/flux.xml", "/fr/se-documenter/flux.xml", "/sitemap.xml"])
def test_xml_can_be_read(client, page, address):
    answer = client.get(address)
    tree = ElementTree.fromstring(answer.content)
    if "flux" in address:
        space = "{http://www.w3.org/2005/Atom}"
        titles = [found.text for found in tree.iterfind(f"{space}entry/{space}title")]
        assert titles == [line(page.title)]


def test_a_feed_of_a_search_can_be_read(client, said):
    ElementTree.fromstring(client.get("/fr/se-documenter/flux.xml", {"q": said}).content)
    ElementTree.fromstring(client.get("/fr/se-documenter/flux.xml", {"theme": said}).content)


@pytest.mark.parametrize("kind", ["text", "bibtex", "ris"])
def test_citations_are_one_record_and_one_file(client, page, kind):
    answer = client.get(f"{page.get_url()}citer/", {"format": kind})
    text = answer.content.decode()
    assert re.fullmatch(r'attachment; filename="[\w-]+\.\w{3}"', answer["Content-Disposition"])
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u2028\u2029\ufffe]", text)
    if kind == "bibtex":
        assert unbalanced(text) == 0
        assert len(re.findall("^@", text, re.MULTILINE)) == 1
    if kind == "ris":
        lines = text.split("\r\n")
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", each) for each in lines if each)
        assert [each[:2] for each in lines].count("TY") == 1


def unbalanced(bibtex: str) -> int:
    """How many braces stay open; BibTeX counts also those after a backslash."""
    depth = 0
    for sign in bibtex:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    return depth


def test_search_pages_and_suggestions_hold_text_only(client, page, said):
    read = Read(client.get("/fr/recherche/", {"q": said}).content.decode())
    assert not [name for _, held in read.elements for name in held if name[:2] == "on"]
    answer = client.get("/fr/recherche/suggestions/", {"q": "titre"})
    assert answer["Content-Type"] == "application/json"
    json.loads(answer.content)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_of_the_admin_holds_a_formula(client, start, kind):
    formula = f"{start}cmd|' /C calc'!A0"
    submitted(factories.member(display_name=f"{formula} nom"), title=formula)
    factories.article(title=formula)
    client.force_login(factories.member(groups=[MODERATOR]))
    seen = 0
    for address in ("/admin/relecture/toutes/", "/admin/reports/aging-pages/"):
        answer = client.get(address, {"export": kind})
        content = b"".join(answer)
        for cell in cells(content, kind):
            if "calc" in str(getattr(cell, "value", cell)):
                seen += 1
                assert harmless(cell), cell
    assert seen >= 3


def cells(content: bytes, kind: str) -> list:
    if kind == "csv":
        return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for row in book.active.iter_rows() for cell in row]


def harmless(cell) -> bool:
    return cell[0] == "'" if isinstance(cell, str) else cell.data_type == "s"


def test_the_name_of_a_file_cannot_forge_a_header(client, said):
    document = get_document_model()(title=said)
    document.file.save(f"{said[:60]}.txt".replace("/", "-"), ContentFile(b"texte"))
    answer = client.get(document.url)
    assert answer.status_code == 200
    assert not re.search("[\r\n\x00]", answer["Content-Disposition"])
    message = EmailMessage()
    message["Content-Disposition"] = answer["Content-Disposition"]
    assert message.get_content_disposition() in {"attachment", "inline"}
    assert list(message["Content-Disposition"].params) in (["filename"], [])
    answer.close()


def test_what_one_takes_away_of_oneself_is_json(said):
    member = factories.member(display_name=said[:80])
    submitted(member, title=said.replace("\x0b", ""))
    told = json.loads(json.dumps(export_of(member), cls=Encoder))
    assert told["member"]["email"] == member.email


def test_a_subject_stays_on_one_line(client, said, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            "/fr/se-documenter/proposer/article/", posted(sender_name=said[:80], title=said)
        )
    for letter in mail.outbox:
        assert letter.recipients() == ["ana@example.org"]
        raw = letter.message()
        assert len(raw.get_all("Subject")) == 1
        assert raw.get_all("Bcc") is None
        html = next(content for content, kind in letter.alternatives if kind == "text/html")
        assert not [n for _, held in Read(html).elements for n in held if n[:2] == "on"]
        assert Read(html).scripts == []
