"""Submit a contribution to moderation, revise it or withdraw it, each in one transaction."""

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.coreutils import find_available_slug
from wagtail.models import Page

from commons.contributions import emails, rate_limits, registry, transitions
from commons.contributions.drafting import Visitor
from commons.contributions.models import UNDER_MODERATION, UNSENT, Contribution, State
from commons.members.accounts import lock_account
from commons.members.models import Consent, Member, Purpose
from commons.pages.models import PageAuthor
from commons.pages.slugs import slugify
from commons.refused import Refused


@transaction.atomic
def submit(contribution: Contribution, *, by: Member | Visitor) -> Contribution:
    """Send it: a member's goes to moderation, an anonymous one waits for its e-mail confirmation.

    Clicking twice, or in two tabs, changes nothing more. Raises Refused when the form is not valid.
    """
    author = None if isinstance(by, Visitor) else by
    if author is not None:
        lock_account(author)
    contribution = transitions.locked(contribution)
    if contribution.state == State.IN_REVIEW and contribution.data == contribution.sent:
        return contribution
    if contribution.state in UNDER_MODERATION:
        return revise(contribution, author=author)
    if author is not None:
        contribution.author = author
        return _enter(contribution, by=author)
    form = _valid_form(contribution)
    if not (contribution.name and contribution.email):
        raise Refused(_("Donnez votre nom et votre adresse e-mail."))
    if rate_limits.looks_like_a_link(contribution.name):
        raise Refused(_("Donnez votre nom seul, sans adresse de site."))
    if by.source:
        rate_limits.consume(
            "send", by.source, at_most=rate_limits.ANONYMOUS_SENDS_AN_HOUR, seconds=3600
        )
    rate_limits.check_newcomer(contribution, form.texts())
    rate_limits.consume("mail", contribution.email, at_most=rate_limits.MAILS_A_DAY, seconds=86_400)
    transitions.move(contribution, State.UNCONFIRMED)
    emails.email_author(contribution)
    return contribution


@transaction.atomic
def confirm(contribution: Contribution) -> Contribution:
    """Submit a contribution whose e-mail address was just confirmed. Idempotent."""
    contribution = transitions.locked(contribution)
    if contribution.state in UNSENT:
        return _enter(contribution, by=None)
    if contribution.state == State.WITHDRAWN:
        raise Refused(_("Cette proposition a été retirée."))
    return contribution


@transaction.atomic
def revise(contribution: Contribution, *, author: Member | None) -> Contribution:
    """Send a new version of what is under moderation: a new revision, a new reading."""
    if author is not None:
        lock_account(author)
    contribution = transitions.locked(contribution)
    if contribution.page is None:
        return _enter(contribution, by=author)
    page = contribution.page.get_latest_revision_as_object()
    form = _valid_form(contribution, instance=page)
    rate_limits.check_newcomer(contribution, form.texts())
    page = form.make_page()
    page.has_unpublished_changes = True
    page.save()
    form.attach(page)
    page.save_revision(user=author, log_action=True)
    workflow_state = page.current_workflow_state
    if workflow_state is not None:
        workflow_state.cancel(user=author)
    _start_workflow(page)
    contribution.sent = contribution.data
    transitions.move(contribution, State.IN_REVIEW, by=author)
    emails.email_author(contribution)
    return contribution


@transaction.atomic
def withdraw(contribution: Contribution, *, author: Member | None) -> Contribution:
    """Withdraw it and delete its page if never published. Idempotent."""
    if author is not None:
        lock_account(author)
    contribution = transitions.locked(contribution)
    if contribution.state == State.WITHDRAWN:
        return contribution
    page, contribution.page = contribution.page, None
    transitions.move(contribution, State.WITHDRAWN, by=author)
    if page is not None and page.first_published_at is None:
        Page.objects.select_for_update().get(pk=page.get_parent().pk)
        action = DeletePageAction(Page.objects.get(pk=page.pk).specific, user=author)
        action.execute(skip_permission_checks=True)
    return contribution


def _enter(contribution: Contribution, *, by: Member | None) -> Contribution:
    """Make the page, not live, under its section, and start its moderation."""
    kind = registry.find(contribution.kind)
    parent = kind.find_parent(contribution.language) if kind else None
    if parent is None:
        raise Refused(_("Cette rubrique n’existe pas encore : votre brouillon est gardé."))
    # Two children added at once would get the same place in the tree: one at a time.
    parent = Page.objects.select_for_update().get(pk=parent.pk)
    form = _valid_form(contribution)
    rate_limits.check_newcomer(contribution, form.texts())
    form.instance.locale = parent.locale
    page = form.make_page()
    page.live = False
    page.has_unpublished_changes = True
    page.owner = contribution.author
    page.slug = _free_slug(parent, page.title, kind.slug)
    if contribution.author and _may_be_named(contribution.author):
        page.page_authors = [PageAuthor(member=contribution.author)]
    parent.add_child(instance=page)
    form.attach(page)
    page.save_revision(user=contribution.author, log_action="wagtail.create")
    contribution.page, contribution.sent = page.page_ptr, contribution.data
    transitions.move(contribution, State.IN_REVIEW, by=by)
    _start_workflow(page)
    emails.email_author(contribution)
    return contribution


def _start_workflow(page: Page) -> None:
    """Start moderation without a requester: Wagtail would e-mail them links to the admin."""
    workflow = page.get_workflow()
    if workflow is None:
        raise Refused(_("La modération n’est pas prête : votre brouillon est gardé."))
    workflow.start(page, None)


def _valid_form(contribution: Contribution, instance=None):
    form = registry.bound_form(contribution, instance=instance)
    if not form.is_valid():
        raise Refused(_("Il reste des champs à corriger : ils sont signalés."))
    return form


def _free_slug(parent: Page, title: str, fallback: str) -> str:
    """A slug that no sibling has and that no address of the section hides."""
    wanted = slugify(title)[:120].strip("-_") or fallback
    slug = find_available_slug(parent, wanted)
    try:
        hidden = resolve(f"{parent.get_url()}{slug}/").url_name != "wagtail_serve"
    except Resolver404:
        hidden = False
    return find_available_slug(parent, f"{slug}-1") if hidden else slug


def _may_be_named(member) -> bool:
    return Consent.objects.active().filter(member=member, purpose=Purpose.CREDIT).exists()
