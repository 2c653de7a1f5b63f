"""How trainings are shelved: by kind, by when and how, by price, by term, by tag."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commons.agenda.models import Format
from commons.pages.filters import TAGS, TERMS, Axis, ListingConfig
from commons.trainings.date_facets import When
from commons.trainings.series import Series
from commons.trainings.training import Training


def kind_names() -> dict[str, str]:
    """The kinds of training, and the series, by their value."""
    kinds = {value: str(label) for value, label in Training.Kind.choices}
    return kinds | {"series": str(capfirst(Series.get_verbose_name()))}


TRAININGS = ListingConfig(
    parent="trainings.TrainingsPage",
    axes=(
        Axis("when", _("Quand"), lambda: dict(When.choices)),
        Axis("kind", _("Genre"), kind_names),
        Axis("format", _("Forme"), lambda: dict(Format.choices)),
        Axis("price", _("Prix"), lambda: dict(Training.Price.choices)),
        *TERMS,
        TAGS,
    ),
    orders={"next": _("Prochaine date")},
)
