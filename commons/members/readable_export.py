"""The data export of a person as readable text: headings, titles, labelled values."""

import datetime
from dataclasses import dataclass, field
from pathlib import PurePath

from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks

from commons.members.models import Member
from commons.members.privacy import Person, exported_rows, mails_to
from commons.pages.dates import moment

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class RowFormat:
    """How the rows of one relation are shown: under which heading, by which of their attributes."""

    heading: str | Promise
    title: str  # the attribute that says what the row is; several separated by a space
    facts: dict[str, str | Promise] = field(default_factory=dict)  # attribute -> label


ON, BEGUN, SENT = gettext_lazy("Le"), gettext_lazy("Commencé le"), gettext_lazy("Envoyé le")
STATE, ADDRESS, NAME = gettext_lazy("État"), gettext_lazy("Adresse e-mail"), gettext_lazy("Nom")
COMMENT, TEXT, PAGE = gettext_lazy("Commentaire"), gettext_lazy("Texte"), gettext_lazy("Page")
CONTRIBUTIONS = gettext_lazy("Mes contributions, brouillons compris")
REGISTRATIONS = gettext_lazy("Mes inscriptions")
COMMENTS = gettext_lazy("Mes remarques sur des pages, dans l’administration")
LOG = gettext_lazy("Ce que j’ai fait sur les pages")
TRANSLATIONS = gettext_lazy("Ce que j’ai traduit")
_contribution = {
    "get_state_display": STATE,
    "name": NAME,
    "email": ADDRESS,
    "page.title": PAGE,
    "created_at": BEGUN,
    "submitted_at": SENT,
    "decided_at": gettext_lazy("Décidé le"),
}
_registration = {
    "get_state_display": STATE,
    "name": NAME,
    "email": ADDRESS,
    "attended": gettext_lazy("Présent·e"),
    "created_at": gettext_lazy("Inscription faite le"),
}
_file = {"filename": gettext_lazy("Fichier"), "created_at": gettext_lazy("Envoyé le")}
_remark = {"text": TEXT, "page.title": PAGE, "created_at": ON}
ROW_FORMATS = {
    "account.EmailAddress.user": RowFormat(
        gettext_lazy("Mon adresse e-mail"),
        "email",
        {"verified": gettext_lazy("Confirmée"), "primary": gettext_lazy("Principale")},
    ),
    "mfa.Authenticator.user": RowFormat(
        gettext_lazy("Mon second code de connexion"),
        "get_type_display",
        {"created_at": gettext_lazy("Mis en place le"), "last_used_at": gettext_lazy("Utilisé le")},
    ),
    "members.Consent.member": RowFormat(
        gettext_lazy("Mes accords"),
        "get_purpose_display",
        {"given_at": gettext_lazy("Donné le"), "withdrawn_at": gettext_lazy("Retiré le")},
    ),
    "members.Member_groups.member": RowFormat(gettext_lazy("Mes groupes"), "group"),
    "members.Member_user_permissions.member": RowFormat(
        gettext_lazy("Mes droits particuliers"), "permission.name"
    ),
    "contributions.Contribution.author": RowFormat(CONTRIBUTIONS, "title", _contribution),
    "contributions.Contribution.email": RowFormat(CONTRIBUTIONS, "title", _contribution),
    "contributions.ContributionEvent.by": RowFormat(
        gettext_lazy("Les étapes où je suis intervenu·e"),
        "contribution.title",
        {"get_state_display": STATE, "comment": COMMENT, "at": ON},
    ),
    "agenda.Registration.member": RowFormat(REGISTRATIONS, "session.title", _registration),
    "agenda.Registration.email": RowFormat(REGISTRATIONS, "session.title", _registration),
    "agenda.CalendarLink.member": RowFormat(
        gettext_lazy("L’adresse privée de mon agenda"), "created_at"
    ),
    "agenda.Message.by": RowFormat(
        gettext_lazy("Mes messages aux personnes inscrites"),
        "subject",
        {"session.title": gettext_lazy("Séance"), "text": TEXT, "at": ON},
    ),
    "agenda.Session.contact_email": RowFormat(
        gettext_lazy("Les séances où je suis le contact"),
        "title",
        {"contact_name": NAME, "contact_email": ADDRESS},
    ),
    "wagtailcore.Page.owner": RowFormat(
        gettext_lazy("Les pages que j’ai créées"),
        "title",
        {
            "live": gettext_lazy("Publiée"),
            "first_published_at": gettext_lazy("Publiée le"),
            "last_published_at": gettext_lazy("Dernière publication"),
        },
    ),
    "pages.PageAuthor.member": RowFormat(gettext_lazy("Les pages que je signe"), "page.title"),
    "wagtailcore.Page.locked_by": RowFormat(
        gettext_lazy("Les pages que j’ai verrouillées"), "title", {"locked_at": ON}
    ),
    "wagtailcore.Revision.user": RowFormat(
        gettext_lazy("Les versions de pages que j’ai enregistrées"),
        "object_str",
        {"created_at": ON},
    ),
    "wagtailcore.Comment.user": RowFormat(COMMENTS, "page.title", _remark),
    "wagtailcore.CommentReply.user": RowFormat(
        COMMENTS, "comment.page.title", {"text": TEXT, "created_at": ON}
    ),
    "wagtailcore.Comment.resolved_by": RowFormat(
        gettext_lazy("Les remarques que j’ai réglées"), "page.title", {"resolved_at": ON}
    ),
    "wagtailcore.TaskState.finished_by": RowFormat(
        gettext_lazy("Mes décisions de modération"),
        "revision.object_str",
        {"get_status_display": STATE, "comment": COMMENT, "finished_at": ON},
    ),
    "wagtailcore.WorkflowState.requested_by": RowFormat(
        gettext_lazy("Les relectures que j’ai demandées"), "content_object", {"created_at": ON}
    ),
    "wagtailcore.PageSubscription.user": RowFormat(
        gettext_lazy("Les pages dont je reçois les remarques"), "page.title"
    ),
    "wagtailcore.PageLogEntry.user": RowFormat(LOG, "message label", {"timestamp": ON}),
    "wagtailcore.ModelLogEntry.user": RowFormat(LOG, "message label", {"timestamp": ON}),
    "wagtail_localize.StringTranslation.last_translated_by": RowFormat(
        TRANSLATIONS, "data", {"locale": gettext_lazy("Langue"), "updated_at": ON}
    ),
    "wagtail_localize.SegmentOverride.last_translated_by": RowFormat(
        TRANSLATIONS, "data_json", {"locale": gettext_lazy("Langue"), "updated_at": ON}
    ),
    "wagtaildocs.Document.uploaded_by_user": RowFormat(
        gettext_lazy("Les documents que j’ai envoyés"), "title", _file
    ),
    "wagtailimages.Image.uploaded_by_user": RowFormat(
        gettext_lazy("Les images que j’ai envoyées"), "title", _file
    ),
    "wagtailmedia.Media.uploaded_by_user": RowFormat(
        gettext_lazy("Les enregistrements que j’ai envoyés"), "title", _file
    ),
    "wagtailcore.UploadedFile.uploaded_by_user": RowFormat(
        gettext_lazy("Les fichiers envoyés sans être décrits"), "file"
    ),
    "wagtailcore.APIToken.user": RowFormat(
        gettext_lazy("Mes clés d’accès"), "name", {"created": gettext_lazy("Créée le")}
    ),
    "wagtailusers.UserProfile.user": RowFormat(
        gettext_lazy("Mes réglages de l’administration"),
        "preferred_language",
        {"current_time_zone": gettext_lazy("Fuseau horaire")},
    ),
    "wagtailadmin.FormState.user": RowFormat(
        gettext_lazy("Ce que l’administration garde d’une saisie"), "last_updated_at"
    ),
    "wagtailadmin.EditingSession.user": RowFormat(
        gettext_lazy("Les pages ouvertes dans l’administration"),
        "content_object",
        {"last_seen_at": ON},
    ),
}


def sections_of(member: Member) -> list[tuple[str, list[tuple[str, Pairs]]]]:
    """(heading, [(title, [(label, value)])]) for all that there is, one's profile first."""
    profile = [
        (_("Nom affiché"), member.display_name or "—"),
        (_("Adresse e-mail"), member.email),
        (_("Langue des messages"), member.get_language_display()),
        (_("Compte ouvert le"), _as_text(member.date_joined)),
        (_("Dernière connexion"), _as_text(member.last_login)),
    ]
    sections: dict[str, dict] = {_("Mon profil"): {0: (str(member), profile)}}
    person = Person.of(member)
    linked = dict(exported_rows(person))
    for name, shown in ROW_FORMATS.items():
        rows = linked.get(name, ())
        section = sections.setdefault(str(shown.heading), {})
        for row in rows:
            # The same row may be theirs by their account and by their address.
            section[row._meta.label, row.pk] = _describe_row(row, shown)
    mails = {
        mail.pk: (mail.subject, [(str(SENT), _as_text(mail.sent_at))]) for mail in mails_to(person)
    }
    sections[_("Les messages que le site m’a écrits ces derniers jours")] = mails
    return [(heading, list(rows.values())) for heading, rows in sections.items() if rows]


def _describe_row(row: models.Model, shown: RowFormat) -> tuple[str, Pairs]:
    title_parts = [_as_text(_attribute(row, path)) for path in shown.title.split()]
    facts = [(str(label), _as_text(_attribute(row, path))) for path, label in shown.facts.items()]
    facts += [pair for describe in hooks.get_hooks("describe_row") for pair in describe(row)]
    return " · ".join(filter(None, title_parts)) or "—", [pair for pair in facts if pair[1]]


def _attribute(row, path: str):
    for name in path.split("."):
        row = getattr(row, name, None)
        row = row() if callable(row) else row
        if row is None:
            return None
    return row


def _as_text(value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, FieldFile):
        return PurePath(value.name).name
    if isinstance(value, list):
        return " ; ".join(filter(None, map(_as_text, value)))
    return str(value)
