"""Turn the prose of `fixtures/demo/*.toml` into published pages; nothing that exists is touched."""

import datetime
import re
import tomllib
import uuid
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site

from commons.demo_markdown import html_from_markdown
from commons.pages.formatting import blocks_from_html
from commons.pages.models import HomePage, PlainPage, RelatedPage, SectionPage
from commons.pages.site_settings import SiteDetails
from commons.pages.tree import plant_home
from commons.resources.case_study import CaseOrganisation, CaseStudy, Inspiration, Lesson
from commons.resources.models import LibraryPage
from commons.taxonomy.classification import classify
from commons.taxonomy.models import Term
from commons.trainings.models import TrainingsPage

FOLDER = settings.BASE_DIR / "fixtures" / "demo"
CHARTER = "charte-de-contribution"
RENAMED = {"reviewed": "reviewed_on", "next_review": "next_review_on", "seen": "seen_on"}
LESSONS = {
    "difficulties": Lesson.Kind.DIFFICULTY,
    "solutions": Lesson.Kind.SOLUTION,
    "success_factors": Lesson.Kind.SUCCESS_FACTOR,
}
SECTIONS = {"se-documenter": LibraryPage, "se-former": TrainingsPage}
# Markdown keeps only web addresses, so a link to one of our pages travels as one.
PAGE_LINK = re.compile(r'<a href="https://page\.invalid/([\w-]+)">(.*?)</a>', re.DOTALL)


def records(name: str) -> dict:
    """The content of one file of the demo."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def resource_records() -> Iterator[dict]:
    """Every resource of the demo, in French."""
    for name in ("questions", "guides", "articles", "case_studies", "generic_models"):
        yield from records(name)["page"]
    yield from records("external_resources")["page"]


class Prose:
    """Writes Markdown into the fields of pages, and knows the pages that links name."""

    def __init__(self, pages: dict[str, Page]):
        self.pages = pages

    def html(self, markdown: str) -> str:
        html = html_from_markdown(markdown.replace("](page:", "](https://page.invalid/"))
        return PAGE_LINK.sub(self._link, html)

    def _link(self, match: re.Match) -> str:
        page = self.pages.get(match[1])
        return f'<a linktype="page" id="{page.pk}">{match[2]}</a>' if page else match[2]

    def blocks(self, markdown: str) -> list[dict]:
        return blocks_from_html(self.html(markdown))

    def stream(self, value) -> list[dict]:
        """The raw value of a stream field: prose, short items, chapters or comparisons."""
        if isinstance(value, str):
            return self.blocks(value)
        return [self._block(item) for item in value]

    def _block(self, item) -> dict:
        if isinstance(item, str):
            return block("item", item)
        if "body" in item:
            return block("chapter", {**item, "body": self.blocks(item["body"])})
        return block("row", item)

    def fill(self, page: Page, record: dict) -> None:
        """Set the fields of `page` that `record` names, each in the form that its field stores."""
        for key, value in record.items():
            name = RENAMED.get(key, key)
            if name not in {field.name for field in page._meta.concrete_fields}:
                continue
            field = page._meta.get_field(name)
            setattr(page, name, self.stored(field, value))

    def stored(self, field, value):
        """`value` as `field` stores it."""
        if isinstance(field, StreamField):
            return self.stream(value)
        if isinstance(field, RichTextField):
            return self.html(value)
        return value.strip() if isinstance(value, str) else value


def block(kind: str, value) -> dict:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def publish(page: Page) -> Page:
    page.save_revision().publish()
    return page


def child(parent: Page, model, slug: str, **fields) -> tuple[Page, bool]:
    """The child of `parent` at `slug`, and whether it was made now, as a draft."""
    found = parent.get_children().filter(slug=slug).specific().first()
    if found is not None:
        return found, False
    page = model(slug=slug, live=False, locale=parent.locale, **fields)
    return parent.add_child(instance=page), True


def load_trunk() -> tuple[HomePage, LibraryPage]:
    """Home, sections and plain pages, in French."""
    texts = records("pages")
    home = plant_home(
        title=texts["home"]["title"],
        lead=texts["home"]["lead"],
        contribute=html_from_markdown(texts["home"]["contribute"]),
    )
    library = None
    for record in texts["section"]:
        model = SECTIONS.get(record["slug"], SectionPage)
        page, new = child(
            home, model, record["slug"], title=record["title"], lead=record["lead"].strip()
        )
        library = page if model is LibraryPage else library
        page.show_in_menus = True
        if new:
            publish(page)
    for record in texts["plain"]:
        page, new = child(home, PlainPage, record["slug"], title=record["title"], in_footer=True)
        if new:
            publish(page)
    return home, library


def load_covers() -> dict[str, tuple[Image, dict[str, str]]]:
    """By slug, the picture of a resource (stored once) and what it shows, by language."""
    texts = tomllib.loads((FOLDER / "media" / "covers.toml").read_text(encoding="utf-8"))
    stored = {image.title: image for image in Image.objects.filter(title__in=texts["pictures"])}
    for name in texts["pictures"]:
        if name not in stored:
            content = ContentFile((FOLDER / "media" / name).read_bytes(), name)
            stored[name] = Image.objects.create(title=name, file=content)
    return {slug: (stored[name], texts["pictures"][name]) for slug, name in texts["covers"].items()}


def put_cover(page: Page, covers: dict) -> None:
    """The picture that the demo has for `page`, if it has one, and what it shows."""
    if page.slug in covers:
        page.cover, described = covers[page.slug]
        page.cover_alt = described["fr"]


def load_resources(library: LibraryPage) -> dict[str, Page]:
    """Every resource of the demo; returns all pages under the home page by slug."""
    made: dict[str, dict] = {}
    for record in resource_records():
        model = apps.get_model("resources", record["kind"].replace("_", ""))
        summary = record["summary"].strip()
        _, new = child(library, model, record["slug"], title=record["title"], summary=summary)
        if new:
            made[record["slug"]] = record
    home = library.get_parent()
    pages = {page.slug: page for page in home.get_descendants().specific()}
    terms = {(term.vocabulary, term.slug): term for term in Term.objects.canonical()}
    prose, covers = Prose(pages), load_covers()
    for slug, record in made.items():
        put_cover(pages[slug], covers)
        fill_resource(pages[slug], record, prose, terms)
        publish(pages[slug])
    return pages


def fill_resource(page: Page, record: dict, prose: Prose, terms: dict) -> None:
    """Everything that a record of the demo says of a resource."""
    prose.fill(page, {key: value for key, value in record.items() if key != "slug"})
    page.first_published_at = at_noon(record["published"])
    classify(
        page,
        [
            terms[vocabulary, slug]
            for vocabulary, slugs in record["terms"].items()
            for slug in slugs
        ],
    )
    page.tags.set(record.get("tags", []))
    related = [slug for slug in record.get("related", []) if slug in prose.pages]
    page.related_links = [
        RelatedPage(target=prose.pages[slug], sort_order=i) for i, slug in enumerate(related)
    ]
    if isinstance(page, CaseStudy):
        fill_case_study(page, record, prose)
    page.full_clean()


def fill_case_study(page: CaseStudy, record: dict, prose: Prose) -> None:
    page.organisations = [
        CaseOrganisation(sort_order=i, **organisation)
        for i, organisation in enumerate(record.get("organisations", []))
    ]
    page.lessons = lessons(page, record)
    page.inspirations = [
        Inspiration(source=prose.pages[slug], sort_order=i)
        for i, slug in enumerate(record.get("inspired_by", []))
    ]


def lessons(page: CaseStudy, record: dict) -> list[Lesson]:
    texts = [(kind, text) for key, kind in LESSONS.items() for text in record.get(key, [])]
    return [
        Lesson(kind=kind, text=text, sort_order=i, locale=page.locale)
        for i, (kind, text) in enumerate(texts)
    ]


def at_noon(day: datetime.date) -> datetime.datetime:
    """Noon of `day`, here: the moment that a demo page says it was published."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def fill_trunk(pages: dict[str, Page], kinds: Iterable[str] = ("section", "plain")) -> None:
    """The long texts of sections and plain pages, once what they link to exists."""
    texts, prose = records("pages"), Prose(pages)
    for record in (record for kind in kinds for record in texts[kind]):
        page = pages[record["slug"]]
        if getattr(page, "body", None) is not None and not page.body:
            prose.fill(page, record)
            publish(page)
    details = SiteDetails.for_site(Site.objects.get(is_default_site=True))
    if details.charter is None:
        details.charter = pages.get(CHARTER)
        details.save()


def load_english(home: HomePage, pages: dict[str, Page]) -> None:
    """The English home, sections and translated pages, as translations of the French ones."""
    texts, english = records("en"), Locale.objects.get(language_code="en")
    translate(home, english, {"slug": "en", **texts["home_en"]}, pages)
    for record in texts["section_en"]:
        translate(pages[record["source"]], english, record, pages)
    for record in texts.get("plain_en", []):
        translate(pages[record.get("translation_of") or record["source"]], english, record, pages)
    covers = load_covers()
    for record in texts["page"]:
        slug = record["translation_of"]
        described = {"cover_alt": covers[slug][1]["en"]} if slug in covers else {}
        translate(pages[slug], english, {**described, **record}, pages)


def translate(source: Page, locale: Locale, record: dict, pages: dict[str, Page]) -> None:
    """The translation of `source` with the texts of `record`, published, unless there is one."""
    if source.has_translation(locale):
        return
    page = source.copy_for_translation(locale)
    page.show_in_menus = source.show_in_menus
    page.first_published_at = source.first_published_at
    # Links lead to the translation where there is one.
    english = {
        slug: target.get_translation_or_none(locale) or target for slug, target in pages.items()
    }
    Prose(english).fill(page, record)
    if isinstance(page, CaseStudy):
        page.lessons = lessons(page, record)
    page.draft_title = page.title
    publish(page)
