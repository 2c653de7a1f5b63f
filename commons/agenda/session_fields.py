"""What a person who proposes a training or an event says of its first session, in plain words."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.agenda.date_formats import day, ending, hour
from commons.agenda.models import Format, Repeat, Session, SignUp
from commons.agenda.nights import end_of
from commons.agenda.scheduling import save_session
from commons.agenda.time_zones import Zone
from commons.agenda.validation import FURTHEST, TOO_FAR, YEARS, length_problem, stop_problem
from commons.contributions.forms import WebAddressField

SEVERAL_DAYS = _(
    "Seulement si cela dure plusieurs jours. Pour une soirée de 21 h à 1 h, laissez vide."
)
DATED = ("session_day", "session_start", "session_end", "session_end_day")
HOURS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h", "%H"]


class DayField(forms.DateField):
    """A day, chosen in the calendar of one's telephone, or typed."""

    def __init__(self, **options):
        options.setdefault("required", False)
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)

    def validate(self, value):
        super().validate(value)
        if value and value.year not in YEARS:
            raise forms.ValidationError(TOO_FAR)


class HourField(forms.TimeField):
    """An hour, chosen on the clock of one's telephone, or typed: « 14:30 », « 14 h 30 »."""

    def __init__(self, **options):
        options.setdefault("required", False)
        widget = forms.TimeInput({"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=HOURS, **options)


class SessionFields(forms.Form):
    """One session. A form inherits it before `ContributionForm`, and calls `store_session`."""

    dated = True  # whether a date is asked for
    # Where it takes place is no matter of classification: the agenda finds it by its territory.
    asked_first = frozenset({"terms_territory"})
    # The way in is given to those who signed up.
    unpublished = frozenset({"message", "session_video_url"})

    session_day = DayField(label=_("Date"))
    session_start = HourField(label=_("Heure de début"))
    session_end = HourField(label=_("Heure de fin"))
    session_end_day = DayField(label=_("Dernier jour"), help_text=SEVERAL_DAYS)
    session_format = forms.ChoiceField(
        label=_("Où ?"), choices=Format.choices, initial=Format.ON_SITE, widget=forms.RadioSelect
    )
    session_place = forms.CharField(
        label=_("Lieu"),
        max_length=160,
        required=False,
        help_text=_("Par exemple : salle des fêtes, ferme du Bout du Pré."),
    )
    session_commune = forms.CharField(label=_("Commune"), max_length=120, required=False)
    session_video_url = WebAddressField(
        label=_("Lien de visioconférence"),
        required=False,
        help_text=_("Il n’est donné qu’aux personnes inscrites. Vous pourrez l’ajouter plus tard."),
    )
    session_capacity = forms.IntegerField(
        label=_("Nombre de places"),
        min_value=1,
        max_value=100_000,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        help_text=_("Laissez vide s’il n’y a pas de limite."),
    )
    session_zone = forms.ChoiceField(
        label=_("À l’heure de"), choices=Zone.choices, initial=Zone.PARIS, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("session_day", "session_start", "session_end"):
            self.fields[name].required = self.dated
        for name in ("session_start", "session_end", "session_commune", "terms_territory"):
            if name in self.fields:
                self.fields[name].sometimes = True
        if "terms_territory" in self.fields:
            self.fields["terms_territory"].help_text = _(
                "Le plus précis : on cherche dans l’agenda ce qui est près de chez soi."
            )

    def clean(self):
        super().clean()
        if self.is_dated:
            self._check_days()
            self._check_place()

    def describe(self, name: str, data: dict[str, list[str]]) -> str:
        """Days and hours as pages say them: « 21 h », « 1 h (le lendemain) »."""
        if not isinstance(self.fields[name], DayField | HourField):
            return ""
        values = {
            field: self._read(field, data) for field in {name, *DATED} if field in self.fields
        }
        if values[name] is None:
            return ""
        if isinstance(self.fields[name], DayField):
            return day(values[name])
        begins = values["session_day"] or timezone.localdate()
        if name == "session_end" and values["session_start"]:
            start = datetime.datetime.combine(begins, values["session_start"])
            end = end_of(begins, values["session_start"], values[name], values["session_end_day"])
            return hour(end) if values["session_end_day"] else ending(end, start)
        return hour(datetime.datetime.combine(begins, values[name]))

    def _read(self, name: str, data: dict[str, list[str]]):
        """The day or hour that was typed, None when it is not understood."""
        try:
            return self.fields[name].to_python(data.get(name, [""])[0])
        except (forms.ValidationError, IndexError):
            return None

    @property
    def is_dated(self) -> bool:
        """Whether a date was asked for, or begun."""
        return self.dated or any(self.cleaned_data.get(n) or n in self.errors for n in DATED)

    def _check_days(self):
        data = self.cleaned_data
        for name in ("session_day", "session_start", "session_end"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Remplissez ce champ."))
        if not (data.get("session_day") and data.get("session_start") and data.get("session_end")):
            return
        today = timezone.localdate(timezone=self.zone)
        problem = length_problem(self.starts_at, self.ends_at)
        if data["session_day"] < today:
            self.add_error("session_day", _("Cette date est passée."))
        elif data["session_day"] > today + FURTHEST:
            self.add_error("session_day", TOO_FAR)
        if problem:
            late = "session_end_day" if data.get("session_end_day") else "session_end"
            self.add_error(late, problem)

    def _check_place(self):
        data = self.cleaned_data
        on_site = data.get("session_format") != Format.ONLINE
        if on_site and not data.get("session_commune"):
            self.add_error("session_commune", _("Dites dans quelle commune."))
        asked = "terms_territory" in self.fields and "terms_territory" not in self.errors
        if on_site and asked and not data.get("terms_territory"):
            self.add_error("terms_territory", _("Choisissez le département, ou au moins le pays."))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleaned_data.get("session_zone") or Zone.PARIS)

    @property
    def starts_at(self) -> datetime.datetime:
        data = self.cleaned_data
        return datetime.datetime.combine(data["session_day"], data["session_start"], self.zone)

    @property
    def ends_at(self) -> datetime.datetime:
        data = self.cleaned_data
        last = data.get("session_end_day")
        end = end_of(data["session_day"], data["session_start"], data["session_end"], last)
        return end.replace(tzinfo=self.zone)

    def fill_session(self, session: Session) -> None:
        """Put on `session` what was typed. Subclasses add what they ask."""
        data = self.cleaned_data
        session.starts_at = self.starts_at.astimezone(datetime.UTC)
        session.ends_at = self.ends_at.astimezone(datetime.UTC)
        session.time_zone = data["session_zone"] or Zone.PARIS
        session.format = data["session_format"]
        on_site = session.format != Format.ONLINE
        session.place = data["session_place"] if on_site else ""
        session.commune = data["session_commune"] if on_site else ""
        session.video_url = "" if session.format == Format.ON_SITE else data["session_video_url"]
        session.capacity = data["session_capacity"]

    @transaction.atomic
    def store_session(self, page) -> None:
        """Store the session as the first of `page`, under the name of its owner; see `attach`.

        Raises Refused when it contradicts itself.
        """
        first = Session.objects.of(page).order_by("starts_at", "pk").first()
        if not self.is_dated:
            if first and not page.live and not first.registrations.exists():
                first.delete()
            return
        session = first or Session(page=page.page_ptr, language=page.locale.language_code)
        self.fill_session(session)
        save_session(session, by=page.owner)


class RepeatedSessionFields(SessionFields):
    """The same for what may come back, and to which one may come without signing up."""

    session_repeat = forms.ChoiceField(
        label=_("Est-ce que cela revient ?"), choices=Repeat.choices, initial=Repeat.NEVER
    )
    session_repeat_until = DayField(
        label=_("Jusqu’à quand ?"), help_text=_("Laissez vide si cela continue.")
    )
    session_sign_up = forms.ChoiceField(
        label=_("Faut-il s’inscrire ?"),
        choices=[
            (SignUp.NONE, _("Non, on vient librement")),
            (SignUp.HERE, _("Oui, sur cette page")),
            (SignUp.ELSEWHERE, _("Oui, sur un autre site")),
        ],
        initial=SignUp.NONE,
        widget=forms.RadioSelect,
    )
    session_sign_up_url = WebAddressField(
        label=_("Adresse où l’on s’inscrit"),
        required=False,
        help_text=_("Seulement si c’est sur un autre site."),
    )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        repeat, until = data.get("session_repeat"), data.get("session_repeat_until")
        comes_back = repeat not in {None, Repeat.NEVER}
        if comes_back and until and data.get("session_day"):
            problem = stop_problem(data["session_day"], until)
            if problem:
                self.add_error("session_repeat_until", problem)
        if comes_back and data.get("session_sign_up") == SignUp.HERE:
            sentence = _("Ce qui revient est sans inscription sur cette page.")
            self.add_error("session_sign_up", sentence)
        elsewhere = data.get("session_sign_up") == SignUp.ELSEWHERE
        if elsewhere and not data.get("session_sign_up_url") and "session_sign_up_url" in data:
            self.add_error("session_sign_up_url", _("Remplissez ce champ."))

    def fill_session(self, session):
        super().fill_session(session)
        data = self.cleaned_data
        comes_back = data["session_repeat"] != Repeat.NEVER
        session.repeat = data["session_repeat"]
        session.repeat_until = data["session_repeat_until"] if comes_back else None
        session.sign_up = data["session_sign_up"]
        elsewhere = session.sign_up == SignUp.ELSEWHERE
        session.sign_up_url = data["session_sign_up_url"] if elsewhere else ""


def session_field_order(form: type[SessionFields]) -> list[str]:
    """The names of the fields of a session, the territory after the commune; for `field_order`."""
    names = list(form.base_fields)
    after = names.index("session_commune") + 1
    return [*names[:after], "terms_territory", *names[after:]]
