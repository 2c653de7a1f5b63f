"""What the views share that visitors without a cookie may post to."""

from django.views.decorators.csrf import csrf_exempt, csrf_protect


def members_csrf(view):
    """Django's protection for members; a visitor has no session to protect, hence no cookie."""
    protected = csrf_protect(view)

    @csrf_exempt
    def wrapper(request, *args, **kwargs):
        chosen_view = protected if request.user.is_authenticated else view
        return chosen_view(request, *args, **kwargs)

    return wrapper
