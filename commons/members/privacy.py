"""What the site knows about a person: every relation declared, exported and, one day, erased."""

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


class Fate(Enum):
    """What becomes of a row when the person that it points at is erased."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


# "app.Model.field" -> fate. A test fails when a relation to a member is missing here.
RELATIONS = {
    "account.EmailAddress.user": Fate.DELETE,
    "agenda.CalendarLink.member": Fate.DELETE,
    "agenda.Message.by": Fate.DELETE,
    "agenda.Registration.member": Fate.DELETE,
    "contributions.Contribution.author": Fate.ANONYMISE,
    "contributions.ContributionEvent.by": Fate.ANONYMISE,
    "members.Consent.member": Fate.DELETE,
    "members.Member_groups.member": Fate.DELETE,
    "members.Member_user_permissions.member": Fate.DELETE,
    "mfa.Authenticator.user": Fate.DELETE,
    "pages.PageAuthor.member": Fate.DELETE,
    "wagtail_localize.SegmentOverride.last_translated_by": Fate.ANONYMISE,
    "wagtail_localize.StringTranslation.last_translated_by": Fate.ANONYMISE,
    "wagtailadmin.EditingSession.user": Fate.DELETE,
    "wagtailadmin.FormState.user": Fate.DELETE,
    "wagtailcore.APIToken.user": Fate.DELETE,
    "wagtailcore.Comment.resolved_by": Fate.ANONYMISE,
    "wagtailcore.Comment.user": Fate.DELETE,
    "wagtailcore.CommentReply.user": Fate.DELETE,
    "wagtailcore.ModelLogEntry.user": Fate.ANONYMISE,
    "wagtailcore.Page.locked_by": Fate.ANONYMISE,
    "wagtailcore.Page.owner": Fate.ANONYMISE,
    "wagtailcore.PageLogEntry.user": Fate.ANONYMISE,
    "wagtailcore.PageSubscription.user": Fate.DELETE,
    "wagtailcore.Revision.user": Fate.ANONYMISE,
    "wagtailcore.TaskState.finished_by": Fate.ANONYMISE,
    "wagtailcore.UploadedFile.uploaded_by_user": Fate.DELETE,
    "wagtailcore.WorkflowState.requested_by": Fate.ANONYMISE,
    "wagtaildocs.Document.uploaded_by_user": Fate.ANONYMISE,
    "wagtailimages.Image.uploaded_by_user": Fate.ANONYMISE,
    "wagtailmedia.Media.uploaded_by_user": Fate.ANONYMISE,
    "wagtailusers.UserProfile.user": Fate.DELETE,
}
# Columns that hold an address without pointing at a member. A test looks for others.
ADDRESSES = {
    "agenda.Registration.email": Fate.DELETE,
    # Published by the organiser, to those registered.
    "agenda.Session.contact_email": Fate.ANONYMISE,
    "contributions.Contribution.email": Fate.ANONYMISE,
    # The site's own address, which its team chose to publish.
    "pages.SiteDetails.contact_email": Fate.KEEP,
}
# What else a row says of the person, emptied with the column that points at them.
WITH_THEM = {
    "agenda.Session": {"contact_name": ""},
    "contributions.Contribution": {"name": "", "email": "", "data": {}, "sent": {}},
    "contributions.ContributionEvent": {"comment": ""},
    "wagtailcore.TaskState": {"comment": ""},
}
# The columns that name whom an address belongs to.
NAMES = {"agenda.Registration.email": "name", "contributions.Contribution.email": "name"}
# Never leaves the site, not even towards the person: secrets and internals.
NOT_EXPORTED = {"password", "key", "key_hash", "token", "form_token", "source", "search_vector"}
NOT_EXPORTED_OF = {
    "mfa.Authenticator": {"data"},  # the secret of the second code
    "wagtailcore.Revision": {"content"},  # the page, which may hold the remarks of others
}
# Somebody else may have typed the address: shown to nobody before the address has answered.
UNANSWERED = {
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


def located(name: str) -> tuple[type[models.Model], str]:
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
        found = [rows.values("pk") for name, _, rows, _ in linked_to(self) if _is_of(name, label)]
        theirs = Q(pk__in=[])
        for numbers in found:
            theirs |= Q(pk__in=numbers)
        return apps.get_model(label)._base_manager.filter(theirs)


def _is_of(name: str, label: str) -> bool:
    return name.rsplit(".", 1)[0] == label


def _names(addresses: list[str], displayed: str = "") -> list[str]:
    found = [displayed]
    for declared, column in NAMES.items():
        rows = _at(declared, addresses)
        found += rows.order_by().values_list(column, flat=True).distinct()
    return list(dict.fromkeys(filter(None, found)))


def _at(declared: str, addresses: list[str]) -> models.QuerySet:
    model, field = located(declared)
    rows = model._base_manager.alias(lower_address=Lower(field))
    return rows.filter(lower_address__in=addresses)


def linked_to(person: Person) -> Iterator[tuple[str, Fate, models.QuerySet, str | None]]:
    """(name, fate, rows, what empties the column) for each declared name that may be emptied."""
    if person.member:
        for name, fate in RELATIONS.items():
            model, field = located(name)
            if fate is not Fate.KEEP:
                yield name, fate, model._base_manager.filter(**{field: person.member.pk}), None
    for name, fate in ADDRESSES.items():
        if fate is not Fate.KEEP:
            yield name, fate, _at(name, person.addresses), ""


def exported_rows(person: Person) -> Iterator[tuple[str, models.QuerySet]]:
    """The rows of each declared name that has some, but what somebody else may have typed."""
    for name, _fate, rows, _empty in linked_to(person):
        shown = rows.exclude(UNANSWERED[name]) if name in UNANSWERED else rows
        if shown.exists():
            yield name, shown


def mails_to(person: Person) -> list[OutgoingMail]:
    """The mails to the person that are still known: sent these days, or about to leave."""
    found = OutgoingMail.objects.order_by("pk")
    return [mail for mail in found if {*map(str.lower, mail.to)} & {*person.addresses}]


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
