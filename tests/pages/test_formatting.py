"""What people type in a box: what formats, and all that stays as it was typed."""

import html
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.demo_markdown import html_from_markdown
from commons.pages.formatting import WEB, blocks_from_text, html_from_text
from commons.pages.text import clean_html, clean_text

# As one reads it: a line of text for each line typed, nothing more, nothing less.
KEPT = [
    "1998. Naissance de l’association.\n2004. Premier magasin.",
    "17. 05. 2026",
    "1. Labourer\n2. Semer\n4. Récolter",
    "1) Labourer\n2) Semer",
    "a. Un\nb. Deux",
    "+ 20 % de ventes",
    "+ une ferme\n+ un magasin",
    "- 20 % sur les paniers\n- 5 °C la nuit\n- 1 250,50 € de charges",
    "> 50 ha",
    "> 50 ha\n> 3 associés",
    "< 5 ha",
    "<5 ha et >2 ha",
    "=> la suite",
    "5 * 3 * 2",
    "2**3 et 3**2",
    "* hors taxes\n** toutes taxes comprises",
    "Prix (*) et frais (**), ports (**)",
    "*étoiles* et _soulignés_",
    "paysan*ne*s, nom_de_fichier_v2, __init__",
    "****",
    "# 1 des ventes",
    "#circuitscourts #amap",
    "##collé",
    "#### Quatre",
    "---",
    "***",
    "Titre\n=====",
    "Titre\n-----",
    "~ 3 km, ~~ 4 km ~~",
    "C:\\ferme\\ventes \\* \\_ \\",
    "Dupont & fils, R&D",
    "&eacute;crit, &amp; et &#39;",
    "<b>gras</b> <br> <!-- rien -->",
    "`code` et ```trois```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "– lait ;\n– œufs.",
    "— Bonjour, dit-elle.",
    "Samedi 9 h – 12 h\nMercredi 14 h – 18 h\n12, rue du Moulin",
    "[1] Voir la note. [ ] à faire [x] fait",
    "[texte] (adresse), [](vide), [x](), [x](y z)",
    "[x]: la note",
    ":-) ;-) <3 ^^ :smile:",
    "$x^2$ %s {0} {{ x }} {% y %}",
    "12/05 - 14/05",
    "-5 °C",
    "- ",
    "!",
]


def as_read(shown: str) -> str:
    """The words of a page, a line for each line one sees, with plain spaces."""
    lines = re.sub(r"<br>|</p>\n<p>", "\n", shown)
    return html.unescape(re.sub(r"</?(?:p|strong|a)\b[^>]*>", "", lines)).replace("\u00a0", " ")


@pytest.mark.parametrize("typed", KEPT)
def test_what_is_typed_is_what_one_reads(typed):
    assert as_read(html_from_text(typed)) == typed.strip()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("un\ndeux\n\n\ntrois", "<p>un<br>deux</p>\n<p>trois</p>"),
        ("un\r\ndeux\r\n\r\ntrois\rquatre", "<p>un<br>deux</p>\n<p>trois<br>quatre</p>"),
        ("un\x0bdeux\u2028trois", "<p>un<br>deux<br>trois</p>"),
        ("un  \n\tdeux\n    trois", "<p>un<br>deux<br>trois</p>"),
        ("un\n \t \u00a0\ndeux", "<p>un</p>\n<p>deux</p>"),
        ("- lait\n- œufs", "<ul>\n<li>lait</li>\n<li>œufs</li>\n</ul>"),
        ("• lait\n•œufs\n•\tpain", "<ul>\n<li>lait</li>\n<li>œufs</li>\n<li>pain</li>\n</ul>"),
        ("\uf0b7 lait\n▪ œufs", "<ul>\n<li>lait</li>\n<li>œufs</li>\n</ul>"),
        ("- lait\n\n- œufs", "<ul>\n<li>lait</li>\n<li>œufs</li>\n</ul>"),
        ("- lait\n  - frais", "<ul>\n<li>lait</li>\n<li>frais</li>\n</ul>"),
        ("- lait\n  de vache\n- œufs", "<ul>\n<li>lait<br>de vache</li>\n<li>œufs</li>\n</ul>"),
        ("- 3 fermes", "<ul>\n<li>3 fermes</li>\n</ul>"),
        ("Ici :\n- lait\nVenez", "<p>Ici\u00a0:</p>\n<ul>\n<li>lait</li>\n</ul>\n<p>Venez</p>"),
        ("- lait\n\n  Venez", "<ul>\n<li>lait</li>\n</ul>\n<p>Venez</p>"),
        ("## Un\nx\n### Deux", "<h2>Un</h2>\n<p>x</p>\n<h3>Deux</h3>"),
        ("## Un\n## Deux", "<h2>Un</h2>\n<h2>Deux</h2>"),
        ("## # 1 **des** ventes", "<h2># 1 <strong>des</strong> ventes</h2>"),
        (
            "**gras** l’**AMAP**, **A**ssocié",
            "<p><strong>gras</strong> l’<strong>AMAP</strong>, <strong>A</strong>ssocié</p>",
        ),
        ("**a\nb**", "<p>**a<br>b**</p>"),
        ("**a **b**", "<p>**a <strong>b</strong></p>"),
    ],
)
def test_what_formats(typed, shown):
    assert html_from_text(typed) == shown


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("[x](https://a.fr/b?c=1&d=2)", "https://a.fr/b?c=1&amp;d=2"),
        (
            "[x](https://fr.wikipedia.org/wiki/Amap_(reseau))",
            "https://fr.wikipedia.org/wiki/Amap_(reseau)",
        ),
        ("[x](HTTPS://A.fr)", "HTTPS://A.fr"),
        ("[x](www.a.fr)", "https://www.a.fr"),
        ("[x](ferme.fr/visite)", "https://ferme.fr/visite"),
        ("[x](nina@ferme.fr)", "mailto:nina@ferme.fr"),
        ("[x](mailto:nina@ferme.fr)", "mailto:nina@ferme.fr"),
        ("[x](tel:+33475000000)", "tel:+33475000000"),
        ("[x](/fr/se-former/)", "/fr/se-former/"),
    ],
)
def test_a_link(typed, address):
    assert html_from_text(typed) == f'<p><a href="{address}">x</a></p>'


def test_a_bare_address_is_a_link_without_the_dot_after_it():
    shown = html_from_text(
        "Voir https://a.fr/b_(c), (www.d.fr), « https://e.fr » et **http://f.fr**."
    )
    assert re.findall('href="([^"]*)"', shown) == [
        *("https://a.fr/b_(c)", "https://www.d.fr", "https://e.fr", "http://f.fr"),
    ]
    assert "</a>, (" in shown
    assert html_from_text("[https://a.fr](https://b.fr)").count("<a ") == 1
    assert "<a" not in html_from_text(
        "nina@www.ferme.fr St.Pierre https:// http://[ www. ftp://a.fr"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\u00adscript:alert)",
        "[x](data:text/html,<script>)",
        "[x](vbscript:x)",
        "[x](//espion.example)",
        "[x](/\\espion.example)",
        "[x](http://[)",
        '[x](https://a.fr"onclick="x)',
        "![x](https://espion.example/pixel.png)",
        '<a href="https://a.example" onclick="x()">a</a>',
        "<iframe src=//a.example></iframe>",
    ],
)
def test_nothing_active_passes(hostile):
    found = Elements(html_from_text(hostile)).found
    assert {tag for tag, _attributes in found} <= {"p", "a"}
    links = [dict(attributes) for tag, attributes in found if tag == "a"]
    assert all(set(link) == {"href"} and WEB.match(link["href"]) for link in links)


class Elements(HTMLParser):
    """The tags of a piece of HTML as a browser finds them, with their attributes."""

    def __init__(self, shown: str):
        super().__init__()
        self.found: list[tuple[str, list]] = []
        self.feed(shown)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))


SIGNS = st.sampled_from(
    [*"*#-•[]()<>&\"' \n\t:/.@_1a", "**", "## ", "- ", "https://a.fr", "www.", "mailto:", "\u00a0"]
)
TYPED = st.lists(SIGNS | st.characters(), max_size=60).map("".join)


@given(TYPED)
def test_whatever_is_typed_the_html_is_clean(typed):
    shown = html_from_text(typed).replace("\u00a0", "&nbsp;")
    links = re.compile(' href="(?:https?://|mailto:|tel:|/)[^"<>]*"', re.IGNORECASE)
    # What stands in a host that no browser takes is dropped by the one, and harmless in the other.
    assert links.sub("", clean_html(shown)) == links.sub("", shown)


@given(TYPED)
def test_whatever_is_typed_no_letter_is_lost(typed):
    shown = html_from_text(typed)
    addresses = "".join(re.findall('href="([^"]*)"', shown))
    said = Counter(html.unescape(re.sub("<[^>]*>", "", shown) + addresses))
    letters = Counter(filter(str.isalnum, clean_text(typed)))
    assert letters - said == Counter()


def test_blocks_open_at_each_heading():
    blocks = blocks_from_text("Avant.\n\n## Un\n\nx\n\n## Deux\n\ny <h2>")
    assert [block["value"].split("</")[0] for block in blocks] == [
        "<p>Avant.",
        "<h2>Un",
        "<h2>Deux",
    ]
    assert len({block["id"] for block in blocks}) == 3


def test_blocks_of_nothing():
    assert blocks_from_text("  \n ") == []


def test_the_prose_of_the_demo_is_markdown():
    shown = html_from_markdown("# Un\n\n#### Quatre\n\n1. *a*\n2. b\n\n> c <script>x</script>")
    assert shown.startswith("<h2>Un</h2>\n<h3>Quatre</h3>\n<ol>\n<li><em>a</em></li>")
    assert "<blockquote>" in shown
    assert "<script" not in shown
