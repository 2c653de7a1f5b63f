"""Template tags for the way to one's account."""

from django import template

from commons.members import sign_in_views

register = template.Library()


@register.simple_tag
def sign_in_address(request):
    """Where to sign in, to come back to the page that is read."""
    return sign_in_views.sign_in_address(request)
