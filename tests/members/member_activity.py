"""Somebody who uses every feature of the site, so that a test can look for what is left of them."""

from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import (
    Comment,
    CommentReply,
    Locale,
    ModelLogEntry,
    Page,
    UploadedFile,
)
from wagtail.users.models import UserProfile
from wagtail_localize.models import TranslationSource

from commons.agenda import broadcasts, registration
from commons.agenda.models import Audience, Message, Session
from commons.contributions import submission
from commons.contributions.models import Contribution
from commons.members import outbox
from commons.members.accounts import confirm_address
from commons.members.consents import give
from commons.members.models import Member, Purpose
from search import zero_result_queries
from tests import factories
from tests.contributions.form_data import act, drafted, submitted
from tests.contributions.form_data import visitor as sender

NAME, EMAIL, OLD = "Zoé Quistinic-Panier", "zoe.quistinic@example.org", "z.avant@example.org"
WORD = "zyglouton"  # what they wrote, other than pages that were published
SAID = f"Bonjour {NAME} ({EMAIL}), merci."


def do_everything(zoe: Member, client, *, boss: Member) -> Page:
    """Everything, from the change of address on; the page of theirs that was published."""
    _sign_up_for_sessions(zoe)
    _change_address(zoe, client)
    page = _propose(zoe, boss)
    _have_it_translated(page)
    _moderate(zoe, boss)
    _leave_remarks(zoe, boss)
    _organise(zoe)
    be_named_in_mails()
    zero_result_queries.record("quistinic", "fr")
    return page


def _sign_up_for_sessions(zoe):
    session = factories.session(questions="Quoi ?")
    registration.register(session, member=zoe, answers=[WORD])
    factories.registration(factories.session(), email=EMAIL, name=NAME, answers=[WORD])


def _change_address(zoe, client):
    zoe.email = EMAIL
    zoe.save()
    confirm_address(zoe)
    client.post("/compte/password/reset/", {"email": EMAIL})
    client.post("/compte/login/", {"login": EMAIL, "password": "une-fausse-phrase"})
    client.post("/compte/login/", {"login": EMAIL, "password": factories.PASSWORD})
    client.post("/compte/", {"display_name": NAME, "language": "fr"})
    Authenticator.objects.create(user=zoe, type="totp", data={"secret": EMAIL})
    give(Purpose.CREDIT, member=zoe)


def _propose(zoe, boss) -> Page:
    published = submitted(zoe, title="Le bon pain", message=WORD)
    act(published, "accept", by=boss, comment=SAID)
    act(submitted(zoe, title=WORD, text=WORD), "refuse", by=boss, comment=SAID)
    act(submitted(zoe, title=f"{WORD} deux", message=SAID), "ask", by=boss, comment=SAID)
    Contribution.objects.update(submitted_at=None)  # three a day are allowed
    submission.confirm(submitted(sender(EMAIL), title=f"{WORD} trois"))
    submission.withdraw(submitted(zoe, title=f"{WORD} quatre"), author=zoe)
    drafted(zoe, title=f"{WORD} cinq")
    drafted(sender(EMAIL), title=f"{WORD} six")
    return Page.objects.get(title="Le bon pain").specific


def _have_it_translated(page):
    page.credit = f"Ada, {NAME}"
    page.save_revision(log_action=True).publish()
    english = Locale.objects.get(language_code="en")
    for above in page.get_ancestors().filter(depth__gte=2):
        if not above.has_translation(english):
            above.specific.copy_for_translation(english)
    copy = page.copy_for_translation(english)
    copy.title = "The good bread"
    copy.save_revision().publish()
    source, _ = TranslationSource.update_or_create_from_instance(page)
    source.refresh_segments()


def _moderate(zoe, boss):
    other = submitted(factories.member("ada@example.org", display_name="Ada"), title="Le fournil")
    act(other, "ask", by=zoe, comment=WORD)
    ModelLogEntry.objects.log_action(zoe, "wagtail.edit", user=boss)


def _leave_remarks(zoe, boss):
    page = factories.article(title="Une page de l’équipe")
    for author, replier in ((zoe, boss), (boss, zoe)):
        texts = {zoe: WORD, boss: SAID}
        remark = Comment.objects.create(
            page=page, user=author, text=texts[author], contentpath="title"
        )
        CommentReply.objects.create(comment=remark, user=replier, text=texts[replier])
    page = Page.objects.get(pk=page.pk).specific
    page.locked_by = zoe
    page.save_revision(user=zoe, log_action=True)
    kind = ContentType.objects.get_for_model(page)
    about = {"content_type": kind, "object_id": str(page.pk)}
    now = page.latest_revision_created_at
    EditingSession.objects.create(user=zoe, last_seen_at=now, **about)
    FormState.objects.create(user=zoe, data=WORD, last_updated_at=now, **about)
    picture = ContentFile(WORD.encode(), "photo.png")
    portrait = ContentFile(WORD.encode(), "portrait.png")
    UserProfile.get_for_user(zoe).avatar.save("portrait.png", portrait)
    UploadedFile.objects.create(for_content_type=kind, file=picture, uploaded_by_user=zoe)


def _organise(zoe) -> Session:
    session = factories.session(
        factories.training(owner=zoe), contact_name=NAME, contact_email=EMAIL
    )
    registration.register(session, member=factories.member("bea@example.org"))
    message = Message(subject=f"{WORD} {NAME}", text=f"{WORD} {EMAIL}", audience=Audience.ALL)
    broadcasts.send_message(session, message, by=zoe)
    return session


def be_named_in_mails():
    """In a mail to somebody else, its text, its HTML and a calendar cut into short lines."""
    mail = EmailMultiAlternatives(f"De {NAME}", SAID, to=["cleo@example.org"])
    mail.attach_alternative(f"<p>{SAID}</p>", "text/html")
    mail.attach("a.ics", f"ORGANIZER:mailto:{EMAIL[:12]}\r\n {EMAIL[12:]}", "text/calendar")
    mail.attach("b.ics", "SUMMARY:Autre chose", "text/calendar")
    with outbox.deliver_later():
        mail.send()
