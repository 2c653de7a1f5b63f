"""How the library is shelved: by nature, by term, by origin, by tag."""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commons.pages.selection import TAGS, TERMS, Axis, Shelving
from commons.resources.models import ExternalResource
from search.looked import Row

ORIGINS = {"commun": _("Du commun"), "externe": _("Externe")}


def _kind_names() -> dict[str, str]:
    return {
        name: str(capfirst(model.get_verbose_name())) for name, model in LIBRARY.kinds().items()
    }


def _by_kind() -> Callable[[Row], tuple[str, ...]]:
    kinds = LIBRARY.kinds()
    types = ContentType.objects.get_for_models(*kinds.values())
    named = {types[model].pk: (name,) for name, model in kinds.items()}
    return lambda row: named.get(row.kind, ())


def _by_origin() -> Callable[[Row], tuple[str, ...]]:
    external = ContentType.objects.get_for_model(ExternalResource).pk
    return lambda row: ("externe",) if row.kind == external else ("commun",)


LIBRARY = Shelving(
    parent="resources.LibraryPage",
    axes=(
        Axis("kind", _("Nature"), _kind_names, _by_kind),
        *TERMS,
        Axis("origin", _("Origine"), lambda: ORIGINS, _by_origin),
        TAGS,
    ),
    unfolded=frozenset({"kind", "theme"}),
)
