"""Every function that reads what people type or send, and patterns that make a reader slow."""

from django import forms
from django.utils.html import linebreaks, strip_tags, urlize
from icalendar import Event
from taggit.utils import parse_tags
from wagtail.rich_text import RichText

from commons.agenda.organiser_forms import _day
from commons.agenda.session_fields import DayField, HourField
from commons.contributions import difference
from commons.contributions.forms import LinesField, WebAddressField
from commons.contributions.names import name_for_email
from commons.contributions.rate_limits import LINK, looks_like_a_link
from commons.members import bot_check, honeypot
from commons.members.sign_in_views import is_local
from commons.members.text_removal import address_pattern, name_pattern, redact
from commons.pages.fields import EmailField, LineField
from commons.pages.filters import SLUG
from commons.pages.formatting import blocks_from_text, html_from_text
from commons.pages.json_ld import data_block
from commons.pages.slugs import slugify
from commons.pages.text import clean_email, clean_html, clean_line, clean_text, unbreakable
from commons.resources import citation, import_columns, import_html, import_values, reading_time
from commons.resources.addresses import canonical_address
from commons.resources.import_files import ADDRESS
from commons.resources.import_pages import ASIDE, as_typed
from commons.tabular import delimited, encoding, json_records
from search import analyzer, extract, zero_result_queries
from search.embedded import snippets, spelling, terms
from search.invisible import strip_invisible

HIGHLIGHTS = snippets._Highlights(frozenset({"a", "produit", "1"}), (("a", "a"), ("b", "c")))
ERASED = [address_pattern({"a@b.example"}), name_pattern({"Ann Ab"})]


def in_pieces(text: str, size: int, end: str) -> str:
    return end.join(text[at : at + size] for at in range(0, len(text), size))


def facts(text: str) -> citation.Facts:
    return citation.Facts("key", [text], text, None, text, text, "fr", text)


def calendar_entry(text: str) -> bytes:
    event = Event()
    event.add("summary", clean_line(text))
    event.add("description", text)
    return event.to_ical()


def stamp(text: str):
    form = honeypot.HoneypotForm({"shown_at": text})
    return form.is_valid()


READERS = {
    # What everybody types.
    "clean_text": clean_text,
    "clean_line": clean_line,
    "clean_email": clean_email,
    "clean_html": clean_html,
    "strip_invisible": strip_invisible,
    "unbreakable": unbreakable,
    "box": html_from_text,
    "blocks": blocks_from_text,
    "slugify": slugify,
    "email field": EmailField(max_length=254).clean,
    "line field": LineField().clean,
    "lines field": LinesField().clean,
    "web address field": WebAddressField().clean,
    "day field": DayField().clean,
    "hour field": HourField().clean,
    "number fields": lambda text: [
        field.clean(text)
        for field in (forms.FloatField(), forms.DecimalField(max_digits=8), forms.IntegerField())
    ],
    "days": lambda text: [_day(line) for line in text.splitlines()],
    "tags": parse_tags,
    "name in a mail": name_for_email,
    "looks like a link": looks_like_a_link,
    "count of links": LINK.findall,
    "next": lambda text: (is_local(text), is_local("/" + text)),
    "ticket": bot_check.read,
    "answer": lambda text: bot_check.has_correct_answer("a:b:c", proof=text, answer=text),
    "stamp": stamp,
    "filter": SLUG.fullmatch,
    "erasing": lambda text: redact(text, ERASED),
    # What is made of it.
    "difference, one word": lambda text: difference.compare(text, f"x {text}x"),
    "difference, sentences": lambda text: difference.compare(
        in_pieces(text, 50, ". "), in_pieces(text, 49, ". ")
    ),
    "difference, lines": lambda text: difference.compare(
        in_pieces(text, 10, "\n"), in_pieces(text, 9, "\n")
    ),
    "difference, links": lambda text: list(difference._lines(RichText(text))),
    "rich text": lambda text: str(RichText(clean_html(text))),
    "in a mail": lambda text: (urlize(text[:5_000]), linebreaks(text)),
    "without tags": strip_tags,
    "reading time": lambda text: reading_time.TAG.sub(" ", text),
    "citation": lambda text: (citation._bibtex(facts(text)), citation._ris(facts(text))),
    "linked data": lambda text: data_block({"name": text}),
    "calendar": calendar_entry,
    # Searching.
    "query": analyzer.clean,
    "fold": analyzer.fold,
    "title key": analyzer.title_key,
    "heard": analyzer.phonetic_key.__wrapped__,
    "index": lambda text: analyzer.index_text(text, "fr"),
    "index, English": lambda text: analyzer.index_text(text, "en"),
    "vocabulary": lambda text: analyzer.vocabulary_words(analyzer.forms_to_index(text, "fr"), "fr"),
    "snippet": lambda text: snippets._best(snippets.SENTENCE.split(text), HIGHLIGHTS, "fr"),
    "spelling": lambda text: spelling._forms("a", text),
    "page in the index": lambda text: extract._Reader().read_html(text),
    "gap": zero_result_queries.PERSONAL.search,
    "names in a query": terms.NAME.findall,
    # Files to import.
    "is html": import_html.is_html,
    "plain cell": import_html.plain,
    "rich cell": import_html.rich,
    "sources": import_html.sources,
    "said": import_values.strip_unknown,
    "items": import_values.items,
    "start": import_values.start,
    "budget": import_values.budget,
    "whole number": import_values.whole_number,
    "place": import_values.place,
    "header": import_columns.column_of.__wrapped__,
    "unit": lambda text: import_columns.with_unit("budget", "Budget (k€)", text),
    "unit in a header": lambda text: import_columns.with_unit("budget", text, "3"),
    "street or site": ADDRESS.match,
    "cell as typed": as_typed,
    "aside": lambda text: ASIDE.sub("", text),
    "address": lambda text: canonical_address(f"http://{text}"),
    "parameters": lambda text: canonical_address(f"http://a.example/?{'&'.join(text)}"),
    "delimited": lambda text: delimited.read_delimited(
        f"titre;résumé\n{text}", is_header=import_columns.is_known_header
    ),
    "records": lambda text: json_records.read_json(text, is_title=import_columns.is_title),
    "encoding": lambda text: encoding.decode(text.encode("utf-8", "surrogatepass")),
    "old encoding": lambda text: encoding.decode(text.encode("cp1252", "replace") + b" \xe9t\xe9"),
}

PATTERNS = [
    # Signs of formatting, opened and never closed, or closed at once.
    *(
        "[",
        "![",
        "[[](",
        "*_",
        "**a ",
        "**a**",
        "(",
        "[a](",
        "[a](b(",
        "[a](b(c)",
        "a (",
        "](",
        "_",
    ),
    # Lines and spaces.
    *(
        "\n",
        " ",
        "\t",
        "\xa0",
        "\n ",
        "- ",
        "- a\n",
        "- a\n  b\n",
        "## a\n",
        "•",
        "\n-",
        "\r",
        "\u2028",
    ),
    # Words, sentences and what stands between.
    *(
        "a",
        "a ",
        "A ",
        "a. ",
        "A. ",
        "a, b. ",
        "a.",
        "a-",
        "a/",
        "a'",
        "l'",
        "a·e·",
        "a(e)",
        "« ",
        " !",
        "!",
    ),
    *(
        "a|",
        ",",
        ";",
        ":",
        '"',
        "'",
        ".",
        "/",
        "=",
        "?",
        "%",
        "%20",
        "é",
        "œ",
        "X",
        "ss",
        "qu",
        "h.tt:",
    ),
    # Figures.
    *(
        "1",
        "1 ",
        "123 ",
        "123.",
        "1,",
        "1-",
        "1/",
        "1x",
        "12h",
        "1 a ",
        "mai 2020 ",
        "n°",
        "HVE 3 ",
        "k€",
    ),
    # Addresses.
    *("www.", "https://", "https://a)", "a@", "a@b.", "@", "xn--", "//", "../", "&a="),
    # HTML, entities and JSON.
    *(
        "<",
        "&",
        "&amp;",
        "&nbsp;",
        "&#",
        "<p>",
        "</p>",
        "<b><i>",
        "<a href=",
        '<a href="http://a">',
    ),
    *("<ul><li>", "<div><p>", "<br ", "<!--", "<h2>", "<table><tr>", "<svg><math>", '<a "', "< a"),
    *("<blockquote>", "<p>&nbsp;</p>", "{", "[{", '{"a":'),
    # What nobody sees, or what normalizing makes longer or puts in order.
    *(
        "\u0301\u0316",
        "e\u0301",
        "\u0591\u05b0",
        "\u200b",
        "👩\u200d",
        "🏴\U000e0061",
        "\u1100\u1161",
        "﷽",
    ),
    *("ﬁ", "\u3002", "\ue000", "\udc80", "\x00"),
]
