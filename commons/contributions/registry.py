"""The kinds of contribution: a section declares its forms in its `urls.py`, in one line."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.utils.datastructures import MultiValueDict
from wagtail.models import Locale, Page

from commons.pages.section_addresses import reverse_real


@dataclass(frozen=True)
class Kind:
    """A form, the section (an app label) that declared it, and the page type it publishes under."""

    slug: str
    form: type
    section: str
    parent: type[Page]

    def find_parent(self, language: str) -> Page | None:
        """The section's page in `language`, else in the site's first language."""
        for code in (language, settings.LANGUAGE_CODE):
            locale = Locale.objects.filter(language_code=code).first()
            page = self.parent.objects.filter(locale=locale, alias_of=None).order_by("path").first()
            if page is not None:
                return page
        return None


_declared: dict[str, Kind] = {}


def declare(form: type, *, section: str, parent: type[Page]) -> None:
    """Make `form` a kind of contribution; called by `urls.proposals`."""
    _declared[form.kind] = Kind(form.kind, form, section, parent)


def find(slug: str) -> Kind | None:
    """The kind called `slug`; imports the URLconf first, since that is what declares kinds."""
    if not _declared:
        import_module(settings.ROOT_URLCONF)
    return _declared.get(slug)


def offered(section: str | None = None) -> list[tuple[Kind, str]]:
    """The kinds that one may propose, in one section or in all, each with its address."""
    kinds = [kind for kind in _declared.values() if section in {None, kind.section}]
    return [(kind, address(kind, "propose", kind.slug)) for kind in kinds]


def address(kind: Kind, name: str, *args) -> str:
    """The address of a view (choose, propose, draft, confirm) in the active language."""
    return reverse_real(f"proposals-{kind.section}:{name}", *args)


def bound_form(contribution, instance=None):
    """The form of a contribution, bound to what its author typed last."""
    return find(contribution.kind).form(MultiValueDict(contribution.data), instance=instance)
