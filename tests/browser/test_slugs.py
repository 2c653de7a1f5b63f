"""In the admin, the browser proposes the address that the server would give."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from commons.pages.slugs import slugify
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "title", ["Œufs et bœuf au cœur du Vexin", "Lætitia à Łódź, Straße Ørsted", "L’été, n° 5"]
)
def test_the_address_follows_the_title_letter_by_letter(open_page, live_server, title):
    home = factories.site().root_page
    client = Client()
    client.force_login(factories.member(is_superuser=True, is_staff=True))
    page = open_page("/healthz")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/pages/add/pages/plainpage/{home.pk}/")
    page.locator("#id_title").press_sequentially(title)
    page.keyboard.press("Tab")
    expect(page.locator("#id_slug")).to_have_value(slugify(title))
