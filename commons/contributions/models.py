"""Contributions, their history, counters of rate limits, and the task of Wagtail's workflow."""

import datetime
import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState

from commons.contributions.moderation_forms import ReasonForm
from commons.members.accounts import confirmed_addresses
from commons.pages.fields import EmailModelField


def new_token() -> str:
    """192 random bits: the key of a draft's private link."""
    return secrets.token_urlsafe(24)


class State(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    UNCONFIRMED = "unconfirmed", _("À confirmer par e-mail")
    IN_REVIEW = "in_review", _("En cours de lecture")
    CHANGES_ASKED = "changes_asked", _("Modifications demandées")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Non retenue")
    WITHDRAWN = "withdrawn", _("Retirée")


# The allowed transitions; one to the same state is a new version of the text.
TRANSITIONS = {
    State.DRAFT: {State.UNCONFIRMED, State.IN_REVIEW, State.WITHDRAWN},
    State.UNCONFIRMED: {State.UNCONFIRMED, State.IN_REVIEW, State.WITHDRAWN},
    State.IN_REVIEW: {
        State.IN_REVIEW,
        State.CHANGES_ASKED,
        State.ACCEPTED,
        State.REFUSED,
        State.WITHDRAWN,
    },
    State.CHANGES_ASKED: {State.IN_REVIEW, State.ACCEPTED, State.REFUSED, State.WITHDRAWN},
    State.ACCEPTED: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}
UNSENT = {State.DRAFT, State.UNCONFIRMED}
OPEN = {state for state, following in TRANSITIONS.items() if following}
UNDER_MODERATION = {State.IN_REVIEW, State.CHANGES_ASKED}


class ContributionQuerySet(models.QuerySet):
    def by(self, member):
        """Those of a member, also those sent earlier from an address that they confirmed."""
        unnamed = Q(author=None, lower_email__in=confirmed_addresses(member))
        sent = ~Q(state__in=UNSENT)
        return self.alias(lower_email=Lower("email")).filter(Q(author=member) | (unnamed & sent))

    def from_address(self, email: str):
        return self.filter(Q(email__iexact=email) | Q(author__email__iexact=email))

    def under_moderation(self):
        return self.filter(state__in=UNDER_MODERATION)


class Contribution(models.Model):
    """A proposal as its author typed it; the page exists from its submission on."""

    kind = models.SlugField(_("Genre"), max_length=40)
    # The form as typed, {name: [values]}: the draft, and the only source when it is edited again.
    data = models.JSONField(_("Saisie"), default=dict)
    # The same as it was last sent: sending it again unchanged changes nothing.
    sent = models.JSONField(default=dict, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Auteur ou autrice"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributions",
    )
    email = EmailModelField(_("Adresse e-mail"), blank=True)
    name = models.CharField(_("Nom"), max_length=80, blank=True)
    language = models.CharField(_("Langue"), max_length=10, default=settings.LANGUAGE_CODE)
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributions",
    )
    state = models.CharField(_("État"), max_length=16, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(_("Commencée le"), default=timezone.now)
    updated_at = models.DateTimeField(_("Modifiée le"), auto_now=True)
    submitted_at = models.DateTimeField(_("Envoyée le"), null=True, blank=True)
    decided_at = models.DateTimeField(_("Décidée le"), null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["state", "-updated_at"])]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """The title as typed, or a word for its absence."""
        return next(iter(self.data.get("title") or []), "") or str(_("Sans titre"))

    @property
    def message(self) -> str:
        """The author's message to the moderators, which is not published."""
        return next(iter(self.data.get("message") or []), "")

    @property
    def address(self) -> str:
        """Where to write to the author; empty while an anonymous draft has none."""
        return self.author.email if self.author_id else self.email

    @property
    def author_name(self) -> str:
        return (
            str(self.author) if self.author_id else self.name or str(_("Une personne de passage"))
        )

    @property
    def is_under_moderation(self) -> bool:
        return self.state in UNDER_MODERATION

    @property
    def is_online(self) -> bool:
        """Whether it was accepted and its page is online at this moment."""
        return self.state == State.ACCEPTED and self.page is not None and self.page.live

    @property
    def scheduled_for(self) -> datetime.datetime | None:
        """When the page of an accepted contribution comes out, if it waits for its day."""
        page = self.page if self.state == State.ACCEPTED else None
        if page is None or page.live or not page.go_live_at or page.go_live_at < timezone.now():
            return None
        return page.go_live_at

    @property
    def status_label(self) -> str:
        """The state for people: « Publiée » only while the page is online."""
        return _("Publiée") if self.is_online else self.get_state_display()

    @property
    def is_open(self) -> bool:
        """Whether its author may still change or withdraw it."""
        return self.state in OPEN

    @property
    def is_closed(self) -> bool:
        return not self.is_open

    def is_by(self, user) -> bool:
        """Whether `user` wrote it, signed in or from an address that they confirmed."""
        if self.author_id:
            return self.author_id == user.pk
        return bool(self.email) and self.email.lower() in confirmed_addresses(user)


def contribution_under_moderation(page: Page) -> Contribution | None:
    """The contribution under moderation that `page` was made from."""
    return Contribution.objects.under_moderation().filter(page_id=page.pk).first()


def is_author(page: Page, user) -> bool:
    """Whether `user` proposed `page`, owns it or submitted it to moderation."""
    contribution = contribution_under_moderation(page)
    if contribution is not None and contribution.is_by(user):
        return True
    workflow_state = page.current_workflow_state
    submitted = workflow_state is not None and workflow_state.requested_by_id == user.pk
    return submitted or (page.owner_id is not None and page.owner_id == user.pk)


class ContributionEvent(models.Model):
    """One transition of a contribution: its new state, who caused it, when, with which comment."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(_("État"), max_length=16, choices=State)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    comment = models.TextField(_("Commentaire"), blank=True)
    at = models.DateTimeField(_("Le"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_state_display()} · {self.at:%Y-%m-%d}"


class Use(models.Model):
    """A counter of a rate limit, or what a single-use key was used for.

    Not in the cache, which drops entries when it is full and does not count atomically.
    """

    # A digest: neither network nor e-mail addresses are kept.
    name = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=1)
    mark = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.name} · {self.count}"


class ModerationTask(AbstractGroupApprovalTask):
    """Approval by a group, never by the author; a proposal can also be refused with a reason."""

    class Meta:
        verbose_name = _("tâche de modération")
        verbose_name_plural = _("tâches de modération")

    @classmethod
    def get_description(cls):
        return _("Le groupe choisi relit, demande des modifications, publie ou refuse.")

    def get_actions(self, obj, user):
        """Nothing for a proposal: it is decided on its own page (`decision_views`).

        The editor's autosave sends the same action beside the form. What the team writes itself is
        still read there, behind the lock of `editor_views`.
        """
        if contribution_under_moderation(obj) is not None or not super().get_actions(obj, user):
            return []
        actions = [("reject", _("Demander des modifications"), True)]
        if not is_author(obj, user):
            actions += [
                ("approve", _("Accepter"), False),
                ("approve", _("Accepter avec un mot"), True),
            ]
        return actions

    def get_form_for_action(self, action):
        return TaskStateCommentForm if action == "approve" else ReasonForm

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        """Decide on a page that the team wrote; the caller holds the page's lock."""
        page = task_state.workflow_state.content_object.specific
        if action_name not in [name for name, *_more in self.get_actions(page, user)]:
            raise PermissionDenied
        comment = kwargs.get("comment", "")
        if action_name == "reject" and not comment.strip():
            raise PermissionDenied
        super().on_action(task_state, user, action_name, comment=comment)

    @transaction.atomic
    def deactivate(self, user=None):
        """Cancel the workflows under way: Wagtail would skip the task and publish unread pages."""
        for state in self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS):
            state.workflow_state.cancel(user=user)
        super().deactivate(user=user)
