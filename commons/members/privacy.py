"""The data stored about a person: every relation is declared here, exported and erasable."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from commons.members.accounts import confirmed_addresses
from commons.members.models import Member, OutgoingMail


class OnErasure(Enum):
    """What becomes of a row when the person that it points at is erased."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


# "app.Model.field" -> fate. A test fails when a relation to a member is missing here.
RELATIONS = {
    "account.EmailAddress.user": OnErasure.DELETE,
    "agenda.CalendarLink.member": OnErasure.DELETE,
    "agenda.Message.by": OnErasure.DELETE,
    "agenda.Registration.member": OnErasure.DELETE,
    "contributions.Contribution.author": OnErasure.ANONYMISE,
    "contributions.ContributionEvent.by": OnErasure.ANONYMISE,
    "members.Consent.member": OnErasure.DELETE,
    "members.Member_groups.member": OnErasure.DELETE,
    "members.Member_user_permissions.member": OnErasure.DELETE,
    "mfa.Authenticator.user": OnErasure.DELETE,
    "pages.PageAuthor.member": OnErasure.DELETE,
    "wagtail_localize.SegmentOverride.last_translated_by": OnErasure.ANONYMISE,
    "wagtail_localize.StringTranslation.last_translated_by": OnErasure.ANONYMISE,
    "wagtailadmin.EditingSession.user": OnErasure.DELETE,
    "wagtailadmin.FormState.user": OnErasure.DELETE,
    "wagtailcore.APIToken.user": OnErasure.DELETE,
    "wagtailcore.Comment.resolved_by": OnErasure.ANONYMISE,
    "wagtailcore.Comment.user": OnErasure.DELETE,
    "wagtailcore.CommentReply.user": OnErasure.DELETE,
    "wagtailcore.ModelLogEntry.user": OnErasure.ANONYMISE,
    "wagtailcore.Page.locked_by": OnErasure.ANONYMISE,
    "wagtailcore.Page.owner": OnErasure.ANONYMISE,
    "wagtailcore.PageLogEntry.user": OnErasure.ANONYMISE,
    "wagtailcore.PageSubscription.user": OnErasure.DELETE,
    "wagtailcore.Revision.user": OnErasure.ANONYMISE,
    "wagtailcore.TaskState.finished_by": OnErasure.ANONYMISE,
    "wagtailcore.UploadedFile.uploaded_by_user": OnErasure.DELETE,
    "wagtailcore.WorkflowState.requested_by": OnErasure.ANONYMISE,
    "wagtaildocs.Document.uploaded_by_user": OnErasure.ANONYMISE,
    "wagtailimages.Image.uploaded_by_user": OnErasure.ANONYMISE,
    "wagtailmedia.Media.uploaded_by_user": OnErasure.ANONYMISE,
    "wagtailusers.UserProfile.user": OnErasure.DELETE,
}
# Columns that hold an address without pointing at a member. A test looks for others.
ADDRESSES = {
    "agenda.Registration.email": OnErasure.DELETE,
    # Published by the organiser, to those registered.
    "agenda.Session.contact_email": OnErasure.ANONYMISE,
    "contributions.Contribution.email": OnErasure.ANONYMISE,
    # The site's own address, which its team chose to publish.
    "pages.SiteDetails.contact_email": OnErasure.KEEP,
}
# Other columns that describe the person, cleared together with the reference to them.
CLEARED_WITH = {
    "agenda.Session": {"contact_name": ""},
    "contributions.Contribution": {"name": "", "email": "", "data": {}, "sent": {}},
    "contributions.ContributionEvent": {"comment": ""},
    "wagtailcore.TaskState": {"comment": ""},
}
# The columns that name whom an address belongs to.
NAMES = {"agenda.Registration.email": "name", "contributions.Contribution.email": "name"}
# Never exported, not even to the person: secrets and internals.
NOT_EXPORTED = {"password", "key", "key_hash", "token", "form_token", "source", "search_vector"}
NOT_EXPORTED_OF = {
    "mfa.Authenticator": {"data"},  # the secret of the second code
    "wagtailcore.Revision": {"content"},  # the page, which may hold the remarks of others
}
# Somebody else may have typed the address: not exported before it is confirmed.
UNCONFIRMED = {
    "agenda.Registration.email": Q(member=None, state="pending"),
    "contributions.Contribution.email": Q(author=None, state__in=["draft", "unconfirmed"]),
}


def relations() -> list[str]:
    """Every relation to a member that the installed packages have, as "app.Model.field"."""
    return sorted(
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in Member._meta.get_fields(include_hidden=True)
        if relation.auto_created and (relation.one_to_many or relation.one_to_one)
    )


def address_columns() -> list[str]:
    """Every e-mail column of our own models, but the member's, as "app.Model.field"."""
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("commons.") and model is not Member
        for field in model._meta.local_fields
        if isinstance(field, models.EmailField)
    )


def resolve_field(name: str) -> tuple[type[models.Model], str]:
    """The model and the field that a declared name speaks of."""
    label, field = name.rsplit(".", 1)
    return apps.get_model(label), field


@dataclass(frozen=True)
class Person:
    """Somebody as the site knows them: their account if any, their addresses, their names."""

    member: Member | None
    addresses: list[str]  # in lower case, and only those that are shown to be theirs
    names: list[str]  # the displayed one first

    @classmethod
    def of(cls, member: Member) -> "Person":
        # Read now: the account's addresses are the first thing that erasing deletes.
        addresses = list(confirmed_addresses(member))
        return cls(member, addresses, _names(addresses, member.display_name))

    @classmethod
    def at(cls, address: str) -> "Person":
        """Whoever wrote or signed up from `address` without an account."""
        addresses = [address.lower()]
        return cls(None, addresses, _names(addresses))

    @property
    def name(self) -> str:
        return self.names[0] if self.names else ""

    def rows(self, label: str) -> models.QuerySet:
        """The rows of a model that are theirs, by their account or by their address."""
        querysets = [
            rows.values("pk") for name, _, rows, _ in linked_to(self) if _is_of(name, label)
        ]
        theirs = Q(pk__in=[])
        for numbers in querysets:
            theirs |= Q(pk__in=numbers)
        return apps.get_model(label)._base_manager.filter(theirs)


def _is_of(name: str, label: str) -> bool:
    return name.rsplit(".", 1)[0] == label


def _names(addresses: list[str], displayed: str = "") -> list[str]:
    names = [displayed]
    for declared, column in NAMES.items():
        rows = _at(declared, addresses)
        names += rows.order_by().values_list(column, flat=True).distinct()
    return list(dict.fromkeys(filter(None, names)))


def _at(declared: str, addresses: list[str]) -> models.QuerySet:
    model, field = resolve_field(declared)
    rows = model._base_manager.alias(lower_address=Lower(field))
    return rows.filter(lower_address__in=addresses)


def linked_to(person: Person) -> Iterator[tuple[str, OnErasure, models.QuerySet, str | None]]:
    """(name, fate, rows, what empties the column) for each declared name that may be emptied."""
    if person.member:
        for name, fate in RELATIONS.items():
            model, field = resolve_field(name)
            if fate is not OnErasure.KEEP:
                yield name, fate, model._base_manager.filter(**{field: person.member.pk}), None
    for name, fate in ADDRESSES.items():
        if fate is not OnErasure.KEEP:
            yield name, fate, _at(name, person.addresses), ""


def exported_rows(person: Person) -> Iterator[tuple[str, models.QuerySet]]:
    """The rows of each declared name that has some, but what somebody else may have typed."""
    for name, _fate, rows, _empty in linked_to(person):
        shown = rows.exclude(UNCONFIRMED[name]) if name in UNCONFIRMED else rows
        if shown.exists():
            yield name, shown


def mails_to(person: Person) -> list[OutgoingMail]:
    """The e-mails to the person that are still stored: recently sent, or waiting."""
    mails = OutgoingMail.objects.order_by("pk")
    return [mail for mail in mails if {*map(str.lower, mail.to)} & {*person.addresses}]


def export_of(member: Member) -> dict:
    """Everything that is stored about `member`, fit for JSON; secrets and other people left out."""
    person = Person.of(member)
    linked = {name: [_row(row) for row in rows] for name, rows in exported_rows(person)}
    mails = [
        {"subject": mail.subject, "created_at": mail.created_at, "sent_at": mail.sent_at}
        for mail in mails_to(person)
    ]
    return {"member": _row(member), "linked": linked, "mails": mails}


class Encoder(DjangoJSONEncoder):
    """Dates as DjangoJSONEncoder writes them; what is not JSON becomes text."""

    def default(self, o):
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _row(row: models.Model) -> dict:
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in NOT_EXPORTED | NOT_EXPORTED_OF.get(row._meta.label, set())
    }
