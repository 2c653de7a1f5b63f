"""The base form of contributions, its fields, and the form of an anonymous sender."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import ClusterForm

from commons.contributions.rate_limits import VALUE_LENGTH
from commons.members.honeypot import HoneypotInput
from commons.pages.fields import EmailField, LineField
from commons.pages.formatting import BULLET, SIGNS
from commons.pages.text import clean_characters, clean_email, clean_line
from commons.taxonomy.classification import classify, names_by_slug
from commons.taxonomy.models import Term, Vocabulary

TOO_LONG = _("Gardez ce texte sous %(limit_value)d caractères : il en compte %(show_value)d.")
CLOSING = ["credit", "message", "licence_ok"]


def set_plain_error_messages(fields: dict[str, forms.Field]) -> None:
    """Give the fields error messages that say what to do, not only what is wrong."""
    for field in fields.values():
        ticked = isinstance(field, forms.BooleanField)
        field.error_messages["required"] = (
            _("Cochez cette case pour continuer.") if ticked else _("Remplissez ce champ.")
        )
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = _("Écrivez-la entière, comme prenom@exemple.fr.")
        if isinstance(field, forms.URLField):
            field.error_messages["invalid"] = _("Copiez-la entière, avec https://.")


class FormattedField(forms.CharField):
    """A long text, formatted by the few signs that its help text explains."""

    formatted = True

    def __init__(self, *, rows: int = 10, max_length: int = 20_000, **options):
        options.setdefault("help_text", SIGNS)
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows, "data-formatted": True}),
            max_length=max_length,
            **options,
        )
        self.error_messages["max_length"] = TOO_LONG

    def widget_attrs(self, widget):
        """No `maxlength`: browsers cut what is pasted without a word; the form says it."""
        return {}


class WebAddressField(forms.URLField):
    """A page of the web: https is understood when it is not typed, and nothing else passes."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **options):
        super().__init__(max_length=500, assume_scheme="https", **options)


class LinesField(forms.CharField):
    """Short items, one a line; its value is the list of them."""

    def __init__(self, **options):
        options.setdefault("help_text", _("Une ligne pour chaque élément."))
        options.setdefault("required", False)
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000, strip=True, **options
        )

    def clean(self, value):
        lines = [BULLET.sub("", line).strip() for line in super().clean(value).splitlines()]
        if any(len(line) > 500 for line in lines):
            raise forms.ValidationError(_("Gardez chaque ligne sous 500 caractères."))
        return [line for line in lines if line.strip("-•")]


class TermsField(forms.MultipleChoiceField):
    """Check boxes over a vocabulary; the values are slugs, which never change."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, vocabulary: str, **options):
        self.vocabulary = vocabulary
        options.setdefault("required", False)
        super().__init__(label=options.pop("label", Vocabulary(vocabulary).label), **options)

    def offer(self, terms: list[Term], names: dict):
        self.choices = [(term.slug, names[self.vocabulary, term.slug]) for term in terms]

    def slugs(self, value) -> list[str]:
        return list(value)


class TermTreeField(forms.ChoiceField):
    """One term of a deep vocabulary, in a list grouped by its first level."""

    def __init__(self, vocabulary: str, **options):
        self.vocabulary = vocabulary
        options.setdefault("required", False)
        super().__init__(label=options.pop("label", Vocabulary(vocabulary).label), **options)

    def offer(self, terms: list[Term], names: dict):
        children: dict[int | None, list[Term]] = {}
        for term in terms:
            children.setdefault(term.parent_id, []).append(term)

        def below(term, depth):
            yield (term.slug, "\u2003" * depth + names[self.vocabulary, term.slug])
            for child in children.get(term.pk, []):
                yield from below(child, depth + 1)

        groups = [
            (names[self.vocabulary, root.slug], list(below(root, 0)))
            for root in children.get(None, [])
        ]
        self.choices = [("", _("Ne pas préciser")), *groups]

    def slugs(self, value) -> list[str]:
        return [value] if value else []


class ContributionForm(ClusterForm):
    """A proposal: subclasses name their kind and explicit `Meta.fields`, and fill the page."""

    kind: str
    choice: str
    invitation: str
    # Of the vocabularies, the fields that are asked with the text rather than apart.
    asked_first: frozenset[str] = frozenset()
    # A published page at the same address, set by `clean` methods and linked by the template.
    existing_page = None
    # What only the team reads, or those who signed up: no preview shows it.
    unpublished: frozenset[str] = frozenset({"message"})

    terms_theme = TermsField(Vocabulary.THEME)
    terms_channel = TermsField(Vocabulary.CHANNEL)
    terms_audience = TermsField(Vocabulary.AUDIENCE)
    terms_need = TermsField(Vocabulary.NEED)
    terms_territory = TermTreeField(Vocabulary.TERRITORY)
    message = forms.CharField(
        label=_("Un mot pour la modération"),
        help_text=_("Il n’est pas publié."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1_000,
        required=False,
    )
    licence_ok = forms.BooleanField(
        label=_("J’ai le droit de partager ce texte, et je le place sous licence CC BY‑SA 4.0"),
        help_text=_("Chacun peut le reprendre, en citant la source et sous la même licence."),
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].label = _("Titre")
            self.fields["title"].help_text = ""
        if "summary" in self.fields:
            self.fields["summary"].widget.attrs["rows"] = 3
        if "credit" in self.fields:
            self.fields["credit"].label = _("Nom à citer")
            self.fields["credit"].help_text = _("Personne ou structure à citer comme source.")
        set_plain_error_messages(self.fields)
        self._offer_terms()

    def _offer_terms(self):
        fields = [f for f in self.fields.values() if isinstance(f, (TermsField, TermTreeField))]
        vocabularies = [field.vocabulary for field in fields]
        names = names_by_slug(vocabularies)
        by_vocabulary: dict[str, list[Term]] = {name: [] for name in vocabularies}
        for term in Term.objects.canonical().filter(vocabulary__in=vocabularies):
            by_vocabulary[term.vocabulary].append(term)
        for field in fields:
            field.offer(by_vocabulary[field.vocabulary], names)

    def full_clean(self):
        """A title is one line of at most 160 characters, whatever the model would hold."""
        super().full_clean()
        title = self.cleaned_data.get("title", "") if self.is_bound else ""
        if len(title) > 160 and "title" not in self.errors:
            self.add_error("title", _("Gardez le titre sous 160 caractères."))

    def _get_validation_exclusions(self):
        # The tree gives path, depth and slug later; the model checks what the form found right.
        valid_fields = set(self._meta.fields) - set(self._errors)
        return {f.name for f in self._meta.model._meta.fields} - valid_fields

    @property
    def content_fields(self) -> list:
        apart = {*CLOSING, *(field.name for field in self.classification_fields)}
        return [field for field in self if field.name not in apart]

    @property
    def classification_fields(self) -> list:
        classed = [field for field in self if hasattr(field.field, "vocabulary")]
        return [field for field in classed if field.name not in self.asked_first]

    @property
    def closing_fields(self) -> list:
        return [self[name] for name in CLOSING if name in self.fields]

    @property
    def is_classified(self) -> bool:
        return any(field.value() or field.errors for field in self.classification_fields)

    def fill(self, page) -> None:
        """Put on `page` what the model form cannot: long texts, related rows. For subclasses."""

    def describe(self, name: str, data: dict[str, list[str]]) -> str:
        """What was typed in the field `name`, in better words than its own; "" when none are.

        For subclasses, where one field is understood by another.
        """
        return ""

    def attach(self, page) -> None:
        """Store what belongs to `page` and is no part of it, such as its sessions. For subclasses.

        Called once the page is saved, at the first submission and at each new version.
        """

    def make_page(self):
        """The page, filled and classified, not saved; the form is valid."""
        page = self.save(commit=False)
        self.fill(page)
        fields = {n: f for n, f in self.fields.items() if hasattr(f, "vocabulary")}
        ours = {field.vocabulary for field in fields.values()}
        kept = [row.term for row in page.classifications.all() if row.term.vocabulary not in ours]
        chosen: list[Term] = []
        for name, field in fields.items():
            slugs = field.slugs(self.cleaned_data[name])
            terms = Term.objects.canonical().filter(vocabulary=field.vocabulary, slug__in=slugs)
            chosen += terms
        classify(page, [*kept, *chosen])
        return page

    def texts(self) -> list[str]:
        """The long texts as typed, where links are counted."""
        return [
            self.data.get(self.add_prefix(name), "")
            for name, field in self.fields.items()
            if isinstance(field.widget, forms.Textarea)
        ]


class SenderForm(forms.Form):
    """Name and e-mail of an anonymous visitor, to be confirmed by e-mail, and a honeypot."""

    sender_name = LineField(label=_("Votre nom"), max_length=80)
    sender_email = EmailField(
        label=_("Votre adresse e-mail"),
        help_text=_("Nous vous enverrons un lien pour confirmer. Elle n’est jamais publiée."),
        max_length=254,
    )
    website = forms.CharField(required=False, widget=HoneypotInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        set_plain_error_messages(self.fields)


def submitted_values(post, form_class: type[forms.BaseForm]) -> dict[str, list[str]]:
    """What was typed in the declared fields, clean unless too long; anything else is dropped."""
    return {
        name: [_clean(field, value) for value in post.getlist(name)[:300]]
        for name, field in form_class.base_fields.items()
        if name in post
    }


def as_initial(data: dict[str, list[str]], form_class: type[forms.BaseForm]) -> dict:
    """The stored draft as initial values: shown without remarks on what is still missing."""
    several = forms.MultipleChoiceField
    return {
        name: values if isinstance(form_class.base_fields[name], several) else (values or [""])[0]
        for name, values in data.items()
        if name in form_class.base_fields
    }


def _clean(field, value: str) -> str:
    clean = clean_characters if isinstance(field.widget, forms.Textarea) else clean_line
    clean = clean_email if isinstance(field, forms.EmailField) else clean
    # Too long to be stored, it is only shown again: all of it, and without the work.
    return value if len(value) > VALUE_LENGTH else clean(value)
