"""How the library is shelved: by nature, by term, by origin, by tag."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commons.pages.filters import TAGS, TERMS, Axis, ListingConfig

ORIGINS = {"commun": _("Du commun"), "externe": _("Externe")}


def _kind_names() -> dict[str, str]:
    return {
        name: str(capfirst(model.get_verbose_name())) for name, model in LIBRARY.kinds().items()
    }


LIBRARY = ListingConfig(
    parent="resources.LibraryPage",
    axes=(
        Axis("kind", _("Nature"), _kind_names, facet="type"),
        *TERMS,
        Axis("origin", _("Origine"), lambda: ORIGINS),
        TAGS,
    ),
)
