"""A real browser: Debian's Chromium, driven by Playwright."""

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM


@pytest.fixture
def open_page(live_server, monkeypatch):
    """Opens an address of the site in a new window: `open_page("/fr/", width=360)`.

    Make the content before the first call. Playwright keeps an event loop in this thread, hence
    the variable: without it Django refuses the database to the test itself afterwards.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def opened(path, *, width=1280, **options):
            window = browser.new_context(viewport={"width": width, "height": 800}, **options)
            page = window.new_page()
            page.goto(live_server.url + path)
            return page

        yield opened
        browser.close()
