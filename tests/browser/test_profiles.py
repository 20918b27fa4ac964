"""The profiles that visitors of these tests are lent: nobody finds anything of anybody before."""

import pytest

pytestmark = pytest.mark.browser

LEAVE = """async () => {
  localStorage.left = sessionStorage.left = "1";
  document.cookie = "left=1";
  await caches.open("left");
  await new Promise((resolve) => { indexedDB.open("left").onsuccess = resolve; });
}"""
LEFT = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await caches.keys()), ...(await indexedDB.databases()).map(({ name }) => name),
]"""


def test_a_profile_that_was_lent_before_has_nothing_of_the_visitor_before(profiles, app_server):
    address = f"{app_server}voila/static/client-triage.svg"
    with profiles.lent() as first:
        page = first.open()
        page.goto(address)
        page.evaluate(LEAVE)
        assert page.evaluate(LEFT) == ["left"] * 4
        cookies = {cookie["value"] for cookie in page.context.cookies()}
        assert "1" in cookies
        page.context.set_offline(offline=True)
    with profiles.lent() as second:
        assert second is first
        page = second.open()
        page.goto(address)
        assert page.evaluate(LEFT) == []
        assert page.evaluate("navigator.onLine")
        assert not cookies & {cookie["value"] for cookie in page.context.cookies()}
        assert [one for one in page.context.pages if one.url == address] == [page]


def test_two_visitors_at_once_have_two_profiles(profiles):
    with profiles.lent() as one, profiles.lent() as other:
        assert one.context is not other.context


def test_what_would_stay_in_a_profile_that_is_lent_is_refused(page):
    with pytest.raises(pytest.fail.Exception, match="other visitors get this profile too"):
        page().context.add_init_script("window.left = 1")
