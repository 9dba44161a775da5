"""The script of the console: parts of a page renew themselves, and nothing else runs."""

import httpx
import pytest
from fixtures.chromium import Chromium

from console.driving import Demo, awaited, signed_in
from console.places import places
from sijill.stores.model import CUSTOMER_ID

pytestmark = pytest.mark.browser

BODY = {
    "first_name": "Sara",
    "last_name": "Ali",
    "mobile": "512345678",
    "mobile_code_country": "966",
    "country_code": "SA",
}


@pytest.mark.proves("a page of the console shows what an app changes, without being asked again")
def test_a_figure_changes_when_an_app_makes_a_customer(chromium: Chromium, served: Demo) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}/_/console")
    figure = "document.querySelector('.figure .value').innerText"
    before = int(page.run(figure))
    page.run(f"""window.renewed = new Promise((done) => new MutationObserver(
        () => Number({figure}) > {before} && done({figure})
    ).observe(document.body, {{subtree: true, childList: true}})); 0""")
    headers = {"authorization": f"Bearer {served.token}"}
    answer = httpx.post(f"{served.url}/admin/v2/customers", json=BODY, headers=headers)
    assert answer.status_code == 200, answer.text
    assert int(awaited(page, "window.renewed")) == before + 1
    assert page.faults() == []


def test_a_form_that_is_open_stays_open_while_the_list_changes(
    chromium: Chromium, served: Demo
) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}{places()[1]}/customers")
    page.run("""document.querySelector("#main summary").click();
        document.querySelector("[name=reason]").selectedIndex = 1;
        document.activeElement.blur();
        window.renewed = new Promise((done) => {
            const ask = window.fetch;
            window.fetch = async (...given) => {
                const answer = await ask(...given), text = await answer.text();
                return {ok: answer.ok, url: answer.url, redirected: answer.redirected,
                        text: async () => { setTimeout(done); return text; }};
            };
        }); 0""")
    headers = {"authorization": f"Bearer {served.token}"}
    body = BODY | {"mobile": "512345679"}
    answer = httpx.post(f"{served.url}/admin/v2/customers", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    awaited(page, "window.renewed")
    assert page.run("document.querySelector('[name=reason]').selectedIndex") == 1
    assert page.run("document.querySelector('#main details').open")


def test_a_button_copies_the_code_beside_it_and_says_so(chromium: Chromium, served: Demo) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}{places()[1]}/customers/{CUSTOMER_ID}/api")
    allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    context = page.call("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    chromium.call("Browser.grantPermissions", browserContextId=context, permissions=allowed)
    page.call("Page.bringToFront")
    told = awaited(
        page,
        """new Promise((done) => {
            const button = document.querySelector("[data-copy]");
            new MutationObserver(() => done(button.textContent))
                .observe(button, {childList: true});
            button.click();
        })""",
    )
    assert told == "Copied"
    copied = awaited(page, "navigator.clipboard.readText()")
    assert copied == page.run("document.querySelector('main code').textContent")
    assert "$SALLA_TOKEN" in copied


def test_a_slash_goes_to_the_search_and_escape_leaves_it(chromium: Chromium, served: Demo) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}{places()[1]}/customers?q=nobody")
    page.press("Slash")
    here = "document.activeElement"
    assert (page.run(f"{here}.name"), page.run(f"{here}.value")) == ("q", "nobody")
    page.press("Slash")  # in the field it is a letter, which replaces what is selected
    assert page.run(f"{here}.value") == "/"
    page.press("Escape")
    assert page.run(f"{here} === document.body")


def test_text_becomes_html_through_the_one_policy_alone(chromium: Chromium, served: Demo) -> None:
    page = signed_in(chromium, served)
    page.open(f"{served.url}/_/console")
    for attempt in (
        "document.body.innerHTML = '<b>x</b>'",
        "trustedTypes.createPolicy('other', {createHTML: (text) => text})",
        "Object.assign(document.createElement('script'), {text: 'window.ran = 1'})",
    ):
        told = page.call("Runtime.evaluate", expression=attempt)
        assert "exceptionDetails" in told, attempt
    assert page.run("window.ran") is None
