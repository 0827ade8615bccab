"""A browser at the real service, through a proxy that speaks TLS: the forms that it sends."""

import re
from collections.abc import Callable

import httpx

from tests.support.account_emails import code_for
from tests.support.outside import PASSWORD
from tests.support.shop import Letter

LIES = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.7",
    "Forwarded": "for=203.0.113.7;proto=http",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
}
Browser = Callable[[str], httpx.Client]
"""Gives one on the machine, by the last number of its address (in 127/8)."""
TOKEN = "__Host-csrftoken"


def send(
    browser: httpx.Client, address: str, /, *, files: object = None, **fields: str
) -> httpx.Response:
    """Send a form of ours, as the page that it stands on would."""
    token = {"csrfmiddlewaretoken": browser.cookies[TOKEN]}
    headers = {"Referer": str(browser.base_url)}
    return browser.post(address, data=fields | token, files=files, headers=headers)  # type: ignore[arg-type]


def sign_in(browser: httpx.Client, email: str, password: str, **lies: str) -> httpx.Response:
    """Send the form of the sign-in page."""
    browser.get("/account/login/")
    sent = {"login": email, "password": password, "csrfmiddlewaretoken": browser.cookies[TOKEN]}
    referer = {"Referer": str(browser.base_url)}
    return browser.post("/account/login/", data=sent, headers={**lies, **referer})


def post_webhook(browser: httpx.Client, letter: Letter) -> int:
    """Send a webhook; the status of the answer."""
    headers = {"Stripe-Signature": letter.signature, "Content-Type": "application/json"}
    return browser.post("/hooks/stripe", content=letter.body, headers=headers).status_code


def set_up_second_factor(browser: httpx.Client) -> None:
    """Turn two-step verification on, as the desk asks, and enter a code."""
    send(browser, "/account/reauthenticate/", password=PASSWORD)
    page = browser.get("/account/2fa/totp/activate/").text
    secret = re.search(r'data-copy="([A-Z2-7]+)"', page)
    assert secret, page
    send(browser, "/account/2fa/totp/activate/", code=code_for(secret[1]))
    asked = browser.get("/desk").headers["Location"]
    answer = send(browser, asked, code=code_for(secret[1], nth=2))
    assert answer.headers["Location"] == "/desk"


def order(browser: httpx.Client) -> str:
    """Buy what is first on the price list; the address of the processor's page."""
    pricing = browser.get("/pricing").text
    link = re.search(r'href="(/checkout/[^"]+)"', pricing)
    assert link, pricing[:2000]
    buyer = {"country": "US", "capacity": "business"}
    page = browser.get(link.group(1), params=buyer).text
    sent = {**buyer, **dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))}
    headers = {"Referer": str(browser.base_url), **LIES}
    answer = browser.post(link.group(1), data=sent, headers=headers)
    assert answer.status_code == 302, answer.text[:3000]
    return answer.headers["Location"]
