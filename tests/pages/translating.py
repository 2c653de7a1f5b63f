"""What the tests of translations share: an English tree, and pages translated as an editor does."""

from django.test import TestCase
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object

from tests import factories


def english() -> Locale:
    return Locale.objects.get(language_code="en")


def submit(page: Page) -> Translation:
    """What the button « Traduire » does; returns the record of the translation into English."""
    translate_object(page, [english()])
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=english())


def write(translation: Translation, texts: dict[str, str]) -> None:
    """What an editor types: for each French text of the source, its English one."""
    for segment in translation.source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=english(),
            defaults={"data": texts.get(segment.string.data, f"EN {segment.string.data}")},
        )


def translate(page: Page, texts: dict[str, str] | None = None) -> Page:
    """The public English translation of `page`; every text not given becomes « EN … »."""
    translation = submit(page)
    write(translation, {page.slug: f"en-{page.slug}", **(texts or {})})
    publish(translation)
    return translated(page)


def publish(translation: Translation) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target(publish=True)


def update(page: Page) -> Page:
    """What « Synchroniser les traductions » does after the source changed, published."""
    source = TranslationSource.objects.get(object_id=page.translation_key, locale=page.locale)
    source.update_from_db()
    translation = source.translations.get(target_locale=english())
    write(translation, {page.slug: f"en-{page.slug}"})
    publish(translation)
    return translated(page)


def translated(page: Page) -> Page:
    return page.get_translation(english()).specific


def english_library() -> Page:
    """The English library, translated with the home page."""
    library = factories.library()
    translate(library.get_parent().specific, {"Le Commun": "The Commons", "fr": "en"})
    return translate(library, {"Se documenter": "Learn", library.slug: "learn"})
