"""The WSGI entry point that `commons.server` serves; it refuses an unsafe start."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commons.settings")
application = get_wsgi_application()

from commons.members.background_delivery import background  # noqa: E402
from commons.page_cache import with_page_cache  # noqa: E402 - needs the apps to be ready
from commons.pages.malformed_requests import with_known_charset  # noqa: E402
from commons.startup_checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
background.enable()
application = with_page_cache(with_known_charset(application))
