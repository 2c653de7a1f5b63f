"""Give and withdraw consents, one by one, each dated and tied to the version of its text."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.members.models import Consent, Member, Purpose
from commons.refused import Refused

# Change a version when the sentence of its purpose changes: the person is then asked again.
TEXT_VERSIONS = {Purpose.CHARTER: "2026-11", Purpose.CREDIT: "2026-11"}
# Without these there is no account: they end with it.
REQUIRED = {Purpose.CHARTER}


def give(purpose: str, *, member: Member) -> Consent:
    """The active consent to the current text of `purpose`, created if there is none. Idempotent."""
    version = TEXT_VERSIONS[Purpose(purpose)]
    active = member.consents.active().filter(purpose=purpose)
    current = active.filter(text_version=version).first()
    if current:
        return current
    try:
        with transaction.atomic():
            active.update(withdrawn_at=timezone.now())
            return Consent.objects.create(member=member, purpose=purpose, text_version=version)
    except IntegrityError:
        return active.get()


def withdraw(purpose: str, *, member: Member) -> None:
    """Set the end date of the active consent. Idempotent. Raises Refused for a required one."""
    if Purpose(purpose) in REQUIRED:
        raise Refused(_("Sans ce point, il n’y a pas de compte : vous pouvez supprimer le vôtre."))
    member.consents.active().filter(purpose=purpose).update(withdrawn_at=timezone.now())
