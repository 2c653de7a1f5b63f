"""Build a draft page from an imported record; what no field holds goes into its note."""

import re
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from commons.pages.formatting import html_from_text
from commons.pages.text import clean_line
from commons.refused import Refused
from commons.resources import import_values as values
from commons.resources.case_study import NARRATIVE, CaseOrganisation, CaseStudy, Lesson
from commons.resources.import_columns import fold
from commons.resources.import_files import Record
from commons.resources.import_html import is_html, plain, readable, rich, sources
from commons.resources.models import ExternalResource
from commons.taxonomy.classification import classify
from commons.taxonomy.models import Term

CASE = {"case study", "etude de cas", "fiche", "fiche initiative", "initiative", "cas"}
EXTERNAL = {"external resource", "ressource externe", "ressource", "lien", "site", "document"}
LESSONS = {
    "difficulties": Lesson.Kind.DIFFICULTY,
    "solutions": Lesson.Kind.SOLUTION,
    "success_factors": Lesson.Kind.SUCCESS_FACTOR,
}
# Column -> vocabulary that its words are looked up in.
TERMS = {
    "themes": "theme",
    "channels": "channel",
    "audiences": "audience",
    "stages": "stage",
    "needs": "need",
    "country": "territory",
    "objectives_grid": "objective",
    **{name: name for name in ("language", "structure_type", "beneficiary", "action_type")},
    **{name: name for name in ("domain", "scope", "actor_type", "field_of_action")},
    **{name: name for name in ("instrument", "appreciation")},
}
ASIDE = re.compile(r"\([^()]*\)")
PRICES = {
    "gratuit": ExternalResource.Price.FREE,
    "free": ExternalResource.Price.FREE,
    "payant": ExternalResource.Price.PAID,
}


class TermLookup:
    """The canonical terms by name and slug; queried once for a whole file."""

    def __init__(self):
        self.terms: dict[tuple[str, str], Term] = {}
        for term in Term.objects.canonical():
            for name in (term.slug, term.name, ASIDE.sub("", term.name)):
                self.terms.setdefault((term.vocabulary, fold(name)), term)

    def find(self, vocabulary: str, text: str) -> Term | None:
        """The term called `text`; a family in front (« Sociaux / ») or an aside is ignored."""
        last = text.rsplit(" / ", maxsplit=1)[-1]
        for name in (text, last, ASIDE.sub("", last)):
            term = self.terms.get((vocabulary, fold(name)))
            if term:
                return term
        return None


class Draft:
    """A record being converted: fields are taken one by one, what does not fit is noted."""

    def __init__(self, record: Record, words: TermLookup):
        self.record = record
        self.words = words
        self.remaining = {
            name: text for name, text in record.fields.items() if values.strip_unknown(text)
        }
        self.notes: list[str] = []

    def note(self, name: str, text: str) -> None:
        self.notes.append(f"- {name} : {text}")

    def take(self, name: str) -> str:
        return values.strip_unknown(plain(self.remaining.pop(name, "")))

    def line(self, name: str, longest: int, *, between: str = " ") -> str:
        """A one-line value, cut at `longest` characters; the whole of it is then noted."""
        lines = self.take(name).split("\n")
        return self.fit(
            name, clean_line(between.join(filter(None, map(str.strip, lines)))), longest
        )

    def rich(self, name: str) -> str:
        """Rich text of a cell, which holds HTML or text as people type it."""
        text = readable(values.strip_unknown(self.remaining.pop(name, "")))
        if not is_html(text):
            return html_from_text(as_typed(text))
        for address in sources(text):
            self.note(name, address)
        return rich(text)

    def fit(self, name: str, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        self.note(name, text)
        return text[: longest - 1].rstrip() + "…"

    def terms(self) -> list[Term]:
        terms = []
        for column, vocabulary in TERMS.items():
            cell = self.take(column)
            separator = r"[|/,;]|\bet\b" if column == "country" else r"\|"
            for text in map(str.strip, re.split(separator, cell)) if cell else []:
                term = self.words.find(vocabulary, text)
                if term:
                    terms.append(term)
                elif values.strip_unknown(text):
                    self.note(column, text)
        return terms

    def finish(self, page, source: str) -> None:
        """Tags, classification and the note with all that is left."""
        terms = self.terms()
        page.tags.add(*[clean_line(tag)[:100] for tag in values.items(self.take("tags"))])
        classify(page, terms)
        for name, text in {**self.remaining, **self.record.others}.items():
            self.note(name, plain(text))
        heading = _("Importée de %(file)s, ligne %(line)s.") % {
            "file": source,
            "line": self.record.line,
        }
        page.editor_note = "\n".join([heading, *self.notes])


def kind_of(record: Record) -> type:
    """The page type of a record: by its `kind`, else by whether it has an address and no story."""
    kind = fold(record.fields.get("kind", ""))
    if kind in CASE:
        return CaseStudy
    if kind in EXTERNAL:
        return ExternalResource
    if kind:
        raise Refused(_("nature inconnue : %s") % record.fields["kind"][:60])
    narrative_columns = {"organisation", "place", "actions", "results"} & record.fields.keys()
    return ExternalResource if "url" in record.fields and not narrative_columns else CaseStudy


def draft_page(record: Record, *, words: TermLookup, source: str):
    """An unsaved draft of the record; raises Refused when it has no title or no valid address."""
    model = kind_of(record)
    draft = Draft(record, words)
    draft.take("kind")
    title = draft.line("title", 255)
    if not title:
        raise Refused(_("pas de titre"))
    page = model(title=title, live=False)
    page.summary = draft.line("summary", 300)
    page.credit = draft.line("credit", 200)
    (fill_case if model is CaseStudy else fill_external)(page, draft)
    if not page.summary:
        page.summary = title[:300]
        draft.note("summary", _("à écrire"))
    draft.finish(page, source)
    return page


def fill_case(page: CaseStudy, draft: Draft) -> None:
    """Programme, organisation, story and lessons of a case study."""
    text = draft.take("start")
    page.start_year, page.start_month, exact = values.start(text)
    if text and not exact:
        draft.note("start", text)
    page.place = draft.line("place", 200, between=", ")
    text = draft.take("budget")
    page.budget_amount, page.budget_currency, exact = values.budget(text)
    if text and not exact:
        draft.note("budget", text)
    page.funding = draft.line("funding", 600)
    fill_organisation(page, draft)
    for name in NARRATIVE:
        setattr(page, name, draft.rich(name))
    page.lessons = [
        Lesson(kind=kind, text=draft.fit(name, item, 600))
        for name, kind in LESSONS.items()
        for item in values.items(draft.take(name))
    ]


def fill_organisation(page: CaseStudy, draft: Draft) -> None:
    """The organisation; without its name the columns about it stay for the note."""
    name = draft.line("organisation", 200)
    if not name:
        return
    commune, postcode = values.place(draft.take("commune"))
    commune = draft.fit("commune", commune, 120)
    organisation = CaseOrganisation(name=name, commune=commune, postcode=postcode)
    for people in ("employees", "volunteers", "members"):
        text = draft.take(people)
        number, exact = values.whole_number(text)
        setattr(organisation, people, number)
        if text and not exact:
            draft.note(people, text)
    page.organisations = [organisation]


def fill_external(page: ExternalResource, draft: Draft) -> None:
    """Address, publisher, price and presentation of an external resource."""
    page.url = draft.take("url")
    try:
        URLValidator(schemes=["http", "https"])(page.url)
    except ValidationError as error:
        raise Refused(_("adresse absente ou fausse : %s") % page.url[:80]) from error
    if len(page.url) > 500:
        raise Refused(_("adresse de plus de 500 caractères"))
    page.publisher = draft.line("publisher", 160)
    price = PRICES.get(fold(draft.remaining.get("budget", "")))
    if price:
        page.price = price
        draft.take("budget")
    if page.url.lower().endswith((".pdf", ".odt", ".docx")):
        page.format = ExternalResource.Format.DOCUMENT
    texts = filter(None, (draft.rich(name) for name in NARRATIVE))
    page.body = [{"type": "text", "value": text, "id": str(uuid.uuid4())} for text in texts]


def as_typed(text: str) -> str:
    """A cell as it would be typed: a list when bars separate its parts."""
    parts = values.items(text) if "|" in text else []
    return "\n".join(f"• {part}" for part in parts) if len(parts) > 1 else text
