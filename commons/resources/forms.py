"""The admin form of a case study, and the forms by which people propose and correct resources."""

from commons.pages.forms import ClassifiedPageForm, TermsField
from commons.taxonomy.models import Vocabulary


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
