"""CSRF protection for views that visitors without a session may post to."""

from django.views.decorators.csrf import csrf_exempt, csrf_protect


def members_csrf(view):
    """Check the CSRF token of signed-in members only: a visitor has no session to protect."""
    protected = csrf_protect(view)

    @csrf_exempt
    def wrapper(request, *args, **kwargs):
        chosen_view = protected if request.user.is_authenticated else view
        return chosen_view(request, *args, **kwargs)

    return wrapper
