"""What an organiser fills in: a session, a person who phoned, a message."""

import copy
import datetime
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from commons.agenda import date_formats
from commons.agenda.availability import dates_ahead
from commons.agenda.models import Audience, Message, Repeat, Session, new_token
from commons.agenda.nights import end_of
from commons.agenda.session_fields import SEVERAL_DAYS, DayField, HourField
from commons.agenda.validation import YEARS, date_problems
from commons.contributions.forms import LinesField, WebAddressField, set_plain_error_messages
from commons.pages.addresses import page_at
from commons.pages.fields import EmailField, LineField
from commons.pages.models import ContributedPage

REMINDERS = [
    (168, _("Une semaine avant")),
    (48, _("Deux jours avant")),
    (24, _("La veille")),
    (3, _("Trois heures avant")),
    (1, _("Une heure avant")),
]
MOST_DAYS = 60
NEXT_DAYS = 8  # of a session that comes back, among which one is called off
# Where a date of the session is typed.
FORM_FIELDS = {
    "starts_at": "day",
    "repeat_until": "repeat_until",
    "sign_up_opens_at": "opens_day",
    "sign_up_closes_at": "closes_day",
}
FOLDED_FIELDS = [
    *("time_zone", "language", "address", "latitude", "longitude", "opens_day", "closes_day"),
    *("sign_up_url", "contact_name", "contact_email", "repeat", "repeat_until", "skipped"),
]
COMES_BACK = {"repeat", "repeat_until", "skipped"}
# Those among them that have no usual value.
UNFOLDING_FIELDS = set(FOLDED_FIELDS) - {"time_zone", "language", "repeat"}


class ReplayField(forms.CharField):
    """The address of a page of the library, as one copies it; its value is that page."""

    def __init__(self, **options):
        super().__init__(
            label=_("Page de la rediffusion"),
            required=False,
            max_length=500,
            help_text=_(
                "Copiez l’adresse de la page, dans la bibliothèque. Une fois la séance passée, "
                "les personnes inscrites en sont prévenues."
            ),
            **options,
        )

    def prepare_value(self, value):
        if isinstance(value, int):
            page = Page.objects.filter(pk=value).first()
            return page.full_url if page else ""
        return value

    def clean(self, value):
        address = super().clean(value)
        return _page_of(address) if address else None


class SessionForm(forms.ModelForm):
    """A session as its organiser writes it; days and hours are those of the place."""

    day = DayField(label=_("Date"), required=True)
    start = HourField(label=_("Heure de début"), required=True)
    end = HourField(label=_("Heure de fin"), required=True)
    end_day = DayField(label=_("Dernier jour"), help_text=SEVERAL_DAYS)
    opens_day = DayField(
        label=_("Ouverture des inscriptions"), help_text=_("Vide : tout de suite.")
    )
    closes_day = DayField(
        label=_("Dernier jour pour s’inscrire"), help_text=_("Vide : jusqu’au début.")
    )
    reminders = forms.TypedMultipleChoiceField(
        label=_("Rappels par e-mail"),
        choices=REMINDERS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    skipped = LinesField(
        label=_("Sauf le"),
        help_text=_("Les jours où cela n’a pas lieu, un par ligne : 25/12/2026."),
    )
    # Of a new session: two clicks announce one. Of a known one: what it was when it was read.
    form_token = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    version = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    replay = ReplayField()
    video_url = WebAddressField(
        label=_("Lien de visioconférence"),
        required=False,
        help_text=_("Donné aux seules personnes inscrites."),
    )
    sign_up_url = WebAddressField(
        label=_("Adresse où l’on s’inscrit"),
        required=False,
        help_text=_("Seulement si c’est sur un autre site."),
    )

    class Meta:
        model = Session
        fields = [
            *("label", "time_zone", "format", "place", "address", "commune", "latitude"),
            *("longitude", "video_url", "language", "sign_up", "sign_up_url", "capacity"),
            *("reminders", "questions", "contact_name", "contact_email", "repeat"),
            *("repeat_until", "skipped", "replay"),
        ]

    field_order = [
        *("label", "day", "start", "end", "end_day", "repeat", "repeat_until", "skipped"),
        *("time_zone", "format", "place", "address", "commune"),
        *("video_url", "sign_up", "sign_up_url", "capacity", "opens_day", "closes_day"),
        *("reminders", "questions", "contact_name", "contact_email", "replay"),
        *("latitude", "longitude", "language"),
    ]

    def __init__(self, *args, instance: Session, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, instance=instance, **kwargs)
        self.before = copy.copy(instance) if instance.pk else None
        self.fields["questions"].widget.attrs["rows"] = 3
        self.fields["repeat_until"] = DayField(
            label=_("Jusqu’à quand ?"), help_text=_("Laissez vide si cela continue.")
        )
        set_plain_error_messages(self.fields)
        days = [datetime.date.fromisoformat(day) for day in instance.skipped]
        self.initial["skipped"] = "\n".join(f"{day:%d/%m/%Y}" for day in days)
        self.fields.pop("form_token" if instance.pk else "version")
        if instance.pk:
            self.initial |= _typed(instance)
        else:
            self.initial["form_token"] = new_token()
        self.order_fields(self.field_order)

    @property
    def usual(self) -> list:
        """What nearly every session says."""
        return [field for field in self.visible_fields() if field.name not in self._folded]

    @property
    def rare(self) -> list:
        """What few do: folded, unless something is to be mended there."""
        return [self[name] for name in self._folded]

    @property
    def comes_back(self) -> bool:
        """Whether the pages of this type tell of what is repeated, such as markets."""
        return getattr(self.instance.page.specific_class, "comes_back", False)

    @property
    def _folded(self) -> list[str]:
        return [name for name in FOLDED_FIELDS if not (self.comes_back and name in COMES_BACK)]

    @property
    def unfolded(self) -> bool:
        return any(
            field.errors or field.value() for field in self.rare if field.name in UNFOLDING_FIELDS
        )

    def reread(self):
        """Show what was typed as written over the session as it is now."""
        stored = Session.objects.filter(pk=self.instance.pk).first()
        self.data = self.data.copy()
        self.data["version"] = stored.version if stored else ""

    def clean_skipped(self):
        days = [_day(line) for line in self.cleaned_data["skipped"]]
        if None in days:
            raise forms.ValidationError(_("Écrivez un jour par ligne, par exemple 25/12/2026."))
        return sorted({day.isoformat() for day in days})[-MOST_DAYS:]

    def clean(self):
        data = super().clean()
        self.instance.form_token = data.get("form_token") or self.instance.form_token
        data["skipped"] = data.get("skipped", []) if data.get("repeat") != Repeat.NEVER else []
        if not all(data.get(name) for name in ("day", "start", "end", "time_zone")):
            return data
        zone = Session(time_zone=data["time_zone"]).zone
        combine = datetime.datetime.combine
        self.instance.starts_at = combine(data["day"], data["start"], zone)
        end = end_of(data["day"], data["start"], data["end"], data.get("end_day"))
        self.instance.ends_at = end.replace(tzinfo=zone)
        opens, closes = data.get("opens_day"), data.get("closes_day")
        self.instance.sign_up_opens_at = opens and combine(opens, datetime.time.min, zone)
        # Until the end of that day.
        end_of_day = datetime.time(23, 59)
        self.instance.sign_up_closes_at = closes and combine(closes, end_of_day, zone)
        return data

    def _post_clean(self):
        super()._post_clean()
        if not all(self.cleaned_data.get(name) for name in ("day", "start", "end", "time_zone")):
            return
        fields = {
            **FORM_FIELDS,
            "ends_at": "end_day" if self.cleaned_data.get("end_day") else "end",
        }
        for name, sentence in date_problems(self.instance, before=self.before).items():
            self.add_error(fields[name], sentence)


class PersonForm(forms.Form):
    """Somebody who phoned, or came without signing up."""

    name = LineField(label=_("Nom"), max_length=80)
    email = EmailField(label=_("Adresse e-mail"), max_length=254)
    if_full = forms.ChoiceField(
        label=_("La séance est complète"),
        choices=[
            ("wait", _("Mettre cette personne sur la liste d’attente")),
            ("over", _("Lui donner une place en surnombre")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, full: bool, **kwargs):
        """`full`: no seat is free for who comes now, so one says what to do."""
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        if not full:
            del self.fields["if_full"]
        set_plain_error_messages(self.fields)
        if full:
            self.fields["if_full"].error_messages["required"] = _("Choisissez.")

    @property
    def person(self) -> dict:
        """What was said, as `add_by_organiser` takes it."""
        data = self.cleaned_data
        chosen = data.get("if_full")
        who = {"name": data["name"], "email": data["email"]}
        return {**who, "over": chosen == "over", "wait": chosen == "wait"}


class DayForm(forms.Form):
    """One of the next days of a session that comes back."""

    day = forms.TypedChoiceField(
        label=_("Quel jour ?"), coerce=datetime.date.fromisoformat, widget=forms.RadioSelect
    )

    def __init__(self, *args, session: Session, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        dates = dates_ahead(session, most=NEXT_DAYS)
        self.fields["day"].choices = [(f"{at:%Y-%m-%d}", date_formats.day(at)) for at in dates]
        self.fields["day"].error_messages["required"] = _("Choisissez un jour.")


class MessageForm(forms.ModelForm):
    """A message to some of those registered; the token makes two clicks one message."""

    class Meta:
        model = Message
        fields = ["audience", "subject", "text", "token"]
        widgets = {"token": forms.HiddenInput, "audience": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = Audience.choices
        self.fields["audience"].initial = Audience.ALL
        self.fields["text"].widget.attrs["rows"] = 8
        set_plain_error_messages(self.fields)

    def validate_unique(self):
        """The same token twice is the same message, not a mistake."""

    def renew(self):
        """Show what was typed as another message."""
        self.data = self.data.copy()
        self.data["token"] = new_token()


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=_("Nombre de places"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Vide : pas de limite. En baisser le nombre n’exclut personne."),
    )


def _typed(session: Session) -> dict:
    """A stored session as its organiser would have typed it."""
    start, end = session.local_start, session.local_end
    hours = start.date(), start.time(), end.time()
    opens, closes = session.sign_up_opens_at, session.sign_up_closes_at
    return {
        "version": session.version,
        "day": start.date(),
        "start": start.time(),
        "end": end.time(),
        "end_day": end.date() if end_of(*hours, None) != end.replace(tzinfo=None) else None,
        "opens_day": opens and opens.astimezone(session.zone).date(),
        "closes_day": closes and closes.astimezone(session.zone).date(),
    }


def _day(text: str) -> datetime.date | None:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.datetime.strptime(text, pattern).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
        return day if day.year in YEARS else None
    return None


def _page_of(address: str) -> Page:
    """The published page of one of our addresses. Raises ValidationError."""
    try:
        path = urlsplit(address).path
    except ValueError:  # « http://[ »
        path = ""
    language, _slash, rest = path.strip("/").partition("/")
    page = page_at(rest, language=language, user=AnonymousUser())
    if not isinstance(page, ContributedPage):
        raise forms.ValidationError(_("Cette adresse n’est pas celle d’une page publiée ici."))
    return page.page_ptr
