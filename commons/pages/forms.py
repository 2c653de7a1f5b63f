"""The admin form of a classified page: check boxes by vocabulary, saved as classifications."""

from django import forms
from django.conf import settings
from django.utils.translation import override
from wagtail.admin.forms import WagtailAdminPageForm

from commons.taxonomy.classification import classify, names_by_slug
from commons.taxonomy.models import Term, Vocabulary


class TermsField(forms.ModelMultipleChoiceField):
    """The canonical terms of one vocabulary, indented under their parents."""

    def __init__(self, vocabulary: str, **options):
        self.vocabulary = vocabulary
        options.setdefault("label", Vocabulary(vocabulary).label)
        options.setdefault("required", False)
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(Term.objects.none(), **options)

    def fill(self, names: dict[tuple[str, str], str]):
        """Read the choices, shown by their `names`; called by the form, so that importing it
        needs no database.
        """
        terms = Term.objects.canonical().filter(vocabulary=self.vocabulary)
        self.names = names
        self.queryset = terms.select_related("parent")

    def label_from_instance(self, term):
        name = self._name(term)
        return f"{self._name(term.parent)} › {name}" if term.parent_id else name

    def _name(self, term: Term) -> str:
        return self.names.get((term.vocabulary, term.slug), term.name)


class PublishedPageForm(WagtailAdminPageForm):
    """The dates of publication stand in the form itself: Wagtail's dialog is not offered."""

    def __init_subclass__(cls, **options):
        # Wagtail makes the last class itself, and puts a property of this name before ours.
        super().__init_subclass__(**options)
        cls.show_schedule_publishing_toggle = False


class ClassifiedPageForm(PublishedPageForm):
    """Adds `terms_<vocabulary>` for the common vocabularies; a type with a grid adds its own."""

    terms_theme = TermsField(Vocabulary.THEME)
    terms_channel = TermsField(Vocabulary.CHANNEL)
    terms_audience = TermsField(Vocabulary.AUDIENCE)
    terms_stage = TermsField(Vocabulary.STAGE)
    terms_need = TermsField(Vocabulary.NEED)
    terms_territory = TermsField(Vocabulary.TERRITORY)
    terms_language = TermsField(Vocabulary.LANGUAGE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = [row.term_id for row in self.instance.classifications.all()]
        # The preview of a page that was never saved has no language yet.
        locale = self.instance.locale if self.instance.locale_id else None
        with override(locale.language_code if locale else settings.LANGUAGE_CODE):
            names = names_by_slug()
        for field_name, field in self.fields.items():
            if isinstance(field, TermsField):
                field.fill(names)
                self.initial[field_name] = [term.pk for term in field.queryset if term.pk in chosen]

    def save(self, commit=True):
        page = super().save(commit=False)
        fields = {n: f for n, f in self.fields.items() if isinstance(f, TermsField)}
        if fields:
            edited = {field.vocabulary for field in fields.values()}
            kept = [
                row.term for row in page.classifications.all() if row.term.vocabulary not in edited
            ]
            classify(page, [*kept, *(t for name in fields for t in self.cleaned_data[name])])
        if commit:
            page.save()
            self.save_m2m()
        return page
