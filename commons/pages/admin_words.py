"""What Wagtail and wagtail-localize write outside of gettext, in English or with English colons.

Each rule is the elements (a CSS selector), a regular expression of their whole text, and the
words that stand for it, with `$1` for a part; `static/js/admin-words.js` applies them.
"""

from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def rules() -> list[tuple[str, str, str]]:
    field = ".component-form__fieldname-{} label"
    titles = r"(Nouveau|Exploration|Historique|Modification de [^:]+): ([\s\S]+)"
    return [
        ("title, .w-slim-header :is(h1, li, li a)", titles, "$1\u00a0: $2"),
        (".js-translation-editor h3", "(.+) to (.+) translation", _("Traduction : $1 → $2")),
        (".js-translation-editor .w-sr-only", "More actions", _("Autres actions")),
        ("input[type=submit]", "Search", _("Chercher")),
        (field.format("enabled"), "Enabled", _("Suivre une autre langue")),
        (field.format("sync_from"), "Sync from", _("Langue à suivre")),
    ]


def script() -> SafeString:
    """The rules and the script that applies them, for every page of the admin."""
    source = static("js/admin-words.js")
    return json_script(rules(), "admin-words") + format_html(
        '<script type="module" src="{}"></script>', source
    )
