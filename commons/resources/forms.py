"""The admin forms of a guide and of a case study."""

from django.utils.translation import gettext

from commons.pages.forms import ClassifiedPageForm, TermsField
from commons.taxonomy.models import Vocabulary


class GuidePageForm(ClassifiedPageForm):
    """A new guide opens on the skeleton of its first chapter."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and not self.instance.chapters:
            field = self.instance._meta.get_field("chapters")
            self.initial["chapters"] = field.to_python(
                [
                    {
                        "type": "chapter",
                        "value": {
                            "title": gettext("Par où commencer"),
                            "body": [{"type": "text", "value": ""}],
                        },
                    }
                ]
            )


class CaseStudyPageForm(ClassifiedPageForm):
    """Adds the lists of the RESOLIS grid."""

    terms_structure_type = TermsField(Vocabulary.STRUCTURE_TYPE)
    terms_beneficiary = TermsField(Vocabulary.BENEFICIARY)
    terms_action_type = TermsField(Vocabulary.ACTION_TYPE)
    terms_domain = TermsField(Vocabulary.DOMAIN)
    terms_scope = TermsField(Vocabulary.SCOPE)
    terms_actor_type = TermsField(Vocabulary.ACTOR_TYPE)
    terms_objective = TermsField(Vocabulary.OBJECTIVE)
    terms_field_of_action = TermsField(Vocabulary.FIELD_OF_ACTION)
    terms_instrument = TermsField(Vocabulary.INSTRUMENT)
    terms_appreciation = TermsField(Vocabulary.APPRECIATION)
