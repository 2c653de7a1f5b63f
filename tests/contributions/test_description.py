"""What was typed, said in words for an export."""

import pytest
from django import forms

from commons.contributions.description import _words


@pytest.mark.parametrize(
    ("typed", "words"), [("on", "oui"), ("true", "oui"), ("false", ""), ("False", ""), ("", "")]
)
def test_only_what_is_ticked_says_yes(typed, words):
    assert _words(forms.BooleanField(required=False), [typed]) == words
