"""A translation whose text is still that of its source: kept offline, unless an editor means it.

What an editor means, and what is only partly translated, are rows of `UntranslatedText`, by which
readers are told. Every way to publish saves the page: `check_before_saving` stands there.
"""

import logging

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from commons.pages.cache_version import cached, invalidate
from commons.pages.models import UntranslatedText
from commons.refused import Refused

logger = logging.getLogger(__name__)
REFUSAL = gettext_lazy(
    "« %(title)s » n’est pas publiée : rien n’est encore traduit. "
    "Traduisez-la, ou dites que vous la laissez telle quelle."
)
MEANT = "commons.leave_untranslated"
WITHHELD = "commons.withhold_untranslated"
A_SENTENCE = 4  # words; what is shorter may be a name, the same in both languages


class Untranslated(Refused):
    """`page` would say in another language what its source says, and nobody meant it."""

    def __init__(self, page: Page):
        super().__init__(REFUSAL % {"title": page.title})
        self.page = page


def original_of(page: Page) -> Page | None:
    """The page in another language that `page` is a translation of; None for a source."""
    older = Page.objects.filter(translation_key=page.translation_key)
    if page.pk:
        older = older.filter(pk__lt=page.pk)
    return older.exclude(locale=page.locale_id).order_by("pk").select_related("locale").first()


def left_of(page: Page) -> tuple[bool, bool]:
    """Whether nothing of `page` is translated, and whether a part is not, as it stands in memory.

    What a translator wrote the same on purpose is translated.
    """
    source = original_of(page)
    if source is None:
        return False, False
    own = _texts(page)
    segments = StringSegment.objects.filter(source__object_id=page.translation_key)
    before = set(segments.values_list("string__data", flat=True))
    theirs = before | set(_texts(source.specific).values())
    written = StringTranslation.objects.filter(
        locale=page.locale_id, context__object_id=page.translation_key, has_error=False
    )
    meant = set(written.filter(data=F("translation_of__data")).values_list("data", flat=True))
    left = {path: text for path, text in own.items() if text in theirs - meant}
    sentences = any(len(text.split()) >= A_SENTENCE for text in left.values())
    return bool(own) and len(left) == len(own), sentences or _is_untitled(page, left)


def _texts(page: Page) -> dict[str, str]:
    """Each text of `page` that a translator translates, but its address."""
    found = [one for one in extract_segments(page) if isinstance(one, StringSegmentValue)]
    return {
        f"{one.path} {number}": one.string.data
        for number, one in enumerate(found)
        if one.path != "slug" and one.string.data.strip()
    }


def _is_untitled(page: Page, left: dict[str, str]) -> bool:
    """Whether the title waits for its translator; elsewhere a short one may be a name."""
    titled = any(path.startswith("title ") for path in left)
    return (
        titled
        and Translation.objects.filter(
            source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
        ).exists()
    )


def nothing_written(page: Page) -> bool:
    """Whether publishing in the translator's editor, which writes the texts anew, is refused."""
    if original_of(page) is None or is_meant(page):
        return False
    translation = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
    ).first()
    if translation is None:
        return False
    texts = translation.source.stringsegment_set.exclude(context__path="slug")
    written = StringTranslation.objects.filter(
        translation_of__in=texts.values("string"), locale=page.locale_id, has_error=False
    )
    return texts.exists() and not written.exclude(context__path="slug").exists()


def is_meant(page: Page) -> bool:
    """Whether an editor said that `page` stays in the language of its source."""
    return UntranslatedText.objects.filter(page_id=page.pk).exclude(language="").exists()


def is_refused(page: Page) -> bool:
    """Whether `page`, as it stands in memory, may not be published."""
    return left_of(page)[0] and not is_meant(page)


def check_before_saving(page: Page, *, only: list[str] | None = None) -> None:
    """Raise Untranslated when saving `page` publishes what is neither translated nor meant so.

    A page that another act than a publication would show stays a draft. `only`: the fields that
    are saved, where not all are.
    """
    if not page.live or (only is not None and "live" not in only):
        return
    if original_of(page) is None:
        return
    before = Page.objects.filter(pk=page.pk).values_list("live", "live_revision_id").first()
    if before == (True, page.live_revision_id):
        return
    # A copy of its source names a revision of its source.
    published = before is None or page.revisions.filter(pk=page.live_revision_id).exists()
    whole, part = left_of(page)
    if whole and not is_meant(page):
        if published:
            raise Untranslated(page)
        page.live = False
    elif page.pk and not whole:
        _note_part(page, part=part)


def hear_saving(event: dict) -> None:
    """The same, told by Django's signal."""
    check_before_saving(event["instance"], only=event["update_fields"])


def _note_part(page: Page, *, part: bool) -> None:
    if part:
        UntranslatedText.objects.update_or_create(page_id=page.pk, defaults={"language": ""})
    else:
        UntranslatedText.objects.filter(page_id=page.pk).delete()


def is_untranslated(page: Page) -> bool:
    """Whether nothing of `page` is translated, neither online nor in its draft."""
    versions = [page.get_latest_revision_as_object(), *([page] if page.live else [])]
    return all(left_of(version)[0] for version in versions)


def published_untranslated() -> list[Page]:
    """The public pages that say what their source says, and of which nobody said that it is meant.

    A site may hold some from before publishing them was refused, or from a restored table.
    """
    theirs = Page.objects.filter(
        translation_key=OuterRef("translation_key"), title=OuterRef("title"), pk__lt=OuterRef("pk")
    ).exclude(locale=OuterRef("locale"))
    meant = UntranslatedText.objects.exclude(language="").values("page_id")
    found = Page.objects.filter(Exists(theirs), live=True).exclude(pk__in=meant)
    return [page for page in found.order_by("pk").specific() if left_of(page)[0]]


@transaction.atomic
def leave_untranslated(page: Page, *, by) -> None:
    """Let `page` be published in the language of its source; readers are told. Twice is once.

    Raises Refused where `by` may not edit it, and where something of it is translated.
    """
    page = Page.objects.select_for_update(no_key=True).get(pk=page.pk).specific
    if not page.permissions_for_user(by).can_edit():
        raise Refused(_("Vous ne pouvez pas modifier cette page."))
    source = original_of(page)
    if source is None:
        raise Refused(_("Cette page n’est pas une traduction."))
    if not is_untranslated(page):
        raise Refused(_("Une partie de cette page est traduite : publiez-la comme d’habitude."))
    language = source.locale.language_code
    _row, is_new = UntranslatedText.objects.update_or_create(
        page_id=page.pk, defaults={"language": language}
    )
    if is_new:
        log(instance=page, action=MEANT, user=by)
    invalidate()


@transaction.atomic
def withhold_scheduled() -> list[Page]:
    """Keep offline what is due and not translated; its history tells. Returns these pages."""
    due = Revision.page_revisions.filter(approved_go_live_at__lt=timezone.now())
    withheld = []
    for revision in due:
        page = revision.as_object()
        if is_refused(page):
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            log(instance=page, action=WITHHELD, revision=revision)
            logger.warning("Not published, nothing is translated: page %s", page.pk)
            withheld.append(page)
    return withheld


def written_in(page: Page) -> str:
    """The language of the whole text of `page` where it is not that of its tree, else ""."""
    return _kept(page) or ""


def is_partly_translated(page: Page) -> bool:
    """Whether readers must be told that a part is in another language."""
    return _kept(page) == ""


def language_of(page: Page) -> str:
    """The language that the text of `page` is written in."""
    if not (written_in(page) or Page._meta.get_field("locale").is_cached(page)):
        known = cached("locales", Locale.objects.in_bulk)
        page.locale = known.get(page.locale_id) or page.locale
    return written_in(page) or page.locale.language_code


def language_name(code: str) -> str:
    """What the active language calls a language, inside a sentence."""
    name = get_language_info(code)["name_translated"] if code else ""
    return name.lower() if get_language() == "fr" else name


def _kept(page: Page) -> str | None:
    """What `UntranslatedText` says of `page`; lists ask for it as `untranslated`, in one query."""
    if not hasattr(page, "untranslated"):
        rows = UntranslatedText.objects.filter(page__live=True)
        known = cached("untranslated", lambda: dict(rows.values_list("page_id", "language")))
        page.untranslated = known.get(page.pk)
    return page.untranslated


def language_to_file(page: Page) -> str:
    """The language of the text of `page`, about to be saved: what an editor said may be over."""
    row = UntranslatedText.objects.filter(page_id=page.pk).exclude(language="").first()
    if row is not None and left_of(page)[0]:
        return row.language
    return page.locale.language_code
