"""How the library is shelved: by nature, by term, by origin, by tag."""

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commons.pages.filters import TAGS, TERMS, Axis, ListingConfig
from commons.resources.models import ExternalResource
from search.snapshot import Snapshot

ORIGINS = {"commun": _("Du commun"), "externe": _("Externe")}


def _kind_names() -> dict[str, str]:
    return {
        name: str(capfirst(model.get_verbose_name())) for name, model in LIBRARY.kinds().items()
    }


def _by_kind(snapshot: Snapshot) -> dict[str, int]:
    kinds = LIBRARY.kinds()
    types = ContentType.objects.get_for_models(*kinds.values())
    return {name: snapshot.kinds.get(types[model].pk, 0) for name, model in kinds.items()}


def _by_origin(snapshot: Snapshot) -> dict[str, int]:
    external = snapshot.kinds.get(ContentType.objects.get_for_model(ExternalResource).pk, 0)
    return {"externe": external, "commun": ~external}


LIBRARY = ListingConfig(
    parent="resources.LibraryPage",
    axes=(
        Axis("kind", _("Nature"), _kind_names, _by_kind),
        *TERMS,
        Axis("origin", _("Origine"), lambda: ORIGINS, _by_origin),
        TAGS,
    ),
)
