"""Real nginx and Caddy in front of the real service: who calls, and over what."""

import re
import socket
import ssl
import warnings

import httpx
import pytest

from tests.support.inside import run_inside
from tests.support.outside import PASSWORD, open_account, run
from tests.support.proxied import (
    LIES,
    TOKEN,
    Browser,
    order,
    post_webhook,
    send,
    set_up_second_factor,
    sign_in,
)
from tests.support.proxies import NGINX, PLAIN, Certificate, Mailbox
from tests.support.service import Service, wait_for
from tests.support.shop import signed


def client_of(service: Service, email: str) -> str:
    """The address that the newest order of *email* keeps as evidence."""
    code = (
        "from jewelrymodel.payments.models import Order; "
        f"print('ip', Order.objects.filter(placed_by__email={email!r}).latest('created_at').ip)"
    )
    return run_inside(service, code)


def test_the_page_is_secure_and_says_so(browse: Browser) -> None:
    page = browse("20").get("/account/login/")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = page.headers.get_list("Set-Cookie")
    assert cookies
    assert all(one.startswith("__Host-") and "; Secure" in one for one in cookies)
    assert "camera=()" in page.headers["Permissions-Policy"]


def test_every_cookie_is_bound_to_our_host(browse: Browser, service: Service) -> None:
    """Also what says that somebody signed out, and what an order leaves behind."""
    browser = browse("23")
    email = f"lena{browser.base_url.port}@rings.example"
    open_account(service, email, given=1)
    sign_in(browser, email, PASSWORD)
    order(browser)
    out = send(browser, "/account/logout/")
    kept = [one.partition("=")[0] for one in out.headers.get_list("Set-Cookie")]
    assert "__Host-messages" in kept
    assert out.headers["Clear-Site-Data"]
    assert {one.name for one in browser.cookies.jar} >= {"__Host-device", "__Host-csrftoken"}
    assert all(one.name.startswith("__Host-") and one.secure for one in browser.cookies.jar)


def test_what_the_proxy_answers_itself_is_guarded_too(browse: Browser) -> None:
    """A body beyond all limits is refused with a sentence; only we know HSTS_SUBDOMAINS."""
    browser = browse("24")
    browser.get("/account/login/")
    answer = send(browser, "/studio", files={"photo": ("ring.png", bytes(32_000_000))})
    assert answer.status_code == 413
    assert "25 MB" in answer.text
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_without_tls_people_are_led_on_and_programs_notice(
    browse: Browser, service: Service
) -> None:
    """ASVS 5, 4.1.2."""
    port = browse("25").base_url.port
    plain = f"http://localhost:{service.port + PLAIN}"
    page = httpx.get(f"{plain}/pricing", timeout=60)
    assert page.status_code in (301, 302)
    assert page.headers["Location"] == f"https://localhost:{port}/pricing"
    assert httpx.post(f"{plain}/hooks/stripe", content=b"{}", timeout=60).status_code == 403


@pytest.mark.parametrize(
    ("version", "is_spoken"),
    [
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ],
)
def test_only_current_versions_of_tls_are_spoken(
    browse: Browser, certificate: Certificate, version: ssl.TLSVersion, is_spoken: bool
) -> None:
    port = browse("26").base_url.port
    context = ssl.create_default_context(cafile=str(certificate.authority))
    with warnings.catch_warnings(action="ignore"):
        context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")  # what we refuse is not to be our own side's choice
    with socket.create_connection(("localhost", port or 0)) as line:
        try:
            with context.wrap_socket(line, server_hostname="localhost") as secure:
                assert is_spoken, secure.version()
                assert "GCM" in str(secure.cipher()) or "CHACHA20" in str(secure.cipher())
        except ssl.SSLError:
            assert not is_spoken


def test_what_a_client_says_of_itself_changes_nothing(browse: Browser) -> None:
    page = browse("21").get("/account/login/", headers=LIES)
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_mails_links_are_https(browse: Browser, service: Service, mailbox: Mailbox) -> None:
    browser = browse("22")
    email = f"ida{browser.base_url.port}@rings.example"
    open_account(service, email, given=1)
    browser.get("/account/password/reset/")
    sent = {"email": email, "csrfmiddlewaretoken": browser.cookies[TOKEN]}
    mailbox.mails.clear()
    browser.post("/account/password/reset/", data=sent, headers={"Referer": str(browser.base_url)})
    wait_for(lambda: mailbox.mails, timeout_s=20, what="no mail came")
    links = set(re.findall(r"https?://localhost[^\s\"<]*", mailbox.mails[0].replace("=\r\n", "")))
    assert links
    assert all(link.startswith(service.settings["PUBLIC_URL"]) for link in links)


@pytest.mark.parametrize("lies", [{}, LIES], ids=["honest", "lying"])
def test_failed_sign_ins_lock_out_one_client_only(
    browse: Browser, service: Service, lies: dict[str, str]
) -> None:
    """Ten a minute from one address; who lies about it is counted all the same."""
    first, second = ("30", "31") if not lies else ("32", "33")
    guesser = browse(first)
    for number in range(10):
        told = {**lies, "X-Forwarded-For": f"203.0.113.{number}"} if lies else {}
        sign_in(guesser, f"nobody{number}{first}@rings.example", "a guess", **told)
    email = f"noor{first}{guesser.base_url.port}@rings.example"
    open_account(service, email, given=1)
    assert sign_in(guesser, email, PASSWORD, **lies).status_code != 302
    assert sign_in(browse(second), email, PASSWORD).status_code == 302


def test_who_is_no_proxy_of_ours_is_not_believed(service: Service) -> None:
    """Past the proxy, from another address of this machine."""
    line = httpx.HTTPTransport(local_address="127.0.0.60")
    with httpx.Client(base_url=service.url, transport=line, timeout=60) as stranger:
        lies = {**LIES, "X-Forwarded-Proto": "https"}
        page = stranger.get("/account/login/", headers=lies)
        assert "Strict-Transport-Security" not in page.headers


def test_counts_are_for_this_machine_alone(browse: Browser, service: Service) -> None:
    """And what the web process counted is added up from its files."""
    assert browse("41").get("/metrics").status_code == 404
    counts = httpx.get(f"{service.url}/metrics", timeout=60)
    assert counts.status_code == 200
    assert re.search(r'requests_total{method="GET",page="metrics",status="4xx"} [1-9]', counts.text)


def test_an_order_keeps_the_buyers_address(browse: Browser, service: Service) -> None:
    browser = browse("40")
    email = f"marta{browser.base_url.port}@rings.example"
    open_account(service, email, given=1)
    assert sign_in(browser, email, PASSWORD).status_code == 302
    order(browser)
    number = 40 if browser.base_url.port == service.port + NGINX else 140
    assert f"ip 127.0.0.{number}\n" in client_of(service, email)


def test_a_colleague_is_let_in_and_ended(
    browse: Browser, service: Service, mailbox: Mailbox
) -> None:
    """By the operator's commands alone: nothing of the demo is there."""
    browser = browse("50")
    email = f"vera{browser.base_url.port}@desk.example"
    boss = f"olga{browser.base_url.port}@desk.example"
    run(service, "staff", "add", boss, "--role", "operator")
    mailbox.mails.clear()
    said = run(service, "staff", "add", email, "--role", "agent", "--name", "Vera Example")
    link = re.search(r"/account/password/reset/key/\S+", said)
    assert link
    assert link.group(0)[:40] in mailbox.mails[0].replace("=\r\n", "")
    form = browser.get(link.group(0)).headers["Location"]
    browser.get(form)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    token = {"csrfmiddlewaretoken": browser.cookies[TOKEN]}
    browser.post(form, data=chosen | token, headers={"Referer": str(browser.base_url)})
    assert sign_in(browser, email, PASSWORD).headers["Location"] == "/desk"
    assert browser.get("/desk").status_code == 403
    set_up_second_factor(browser)
    assert browser.get("/desk").status_code == 200
    assert browser.get("/demo/").status_code == 404
    run(service, "staff", "end", email)
    assert browser.get("/desk").headers["Location"].startswith("/account/login/")
    assert f"{email:<40} agent" in run(service, "staff", "list")


def test_a_webhook_is_believed_by_its_signature(browse: Browser, service: Service) -> None:
    """Past the proxy byte for byte; one that comes twice is kept once, a forged one never."""
    browser = browse("55")
    event = {"id": f"evt_{browser.base_url.port}", "object": "event", "type": "product.created"}
    about = {"object": "product", "id": "prod_x"}
    letter = signed({**event, "data": {"object": about}})
    forged = signed({**event, "id": f"{event['id']}f", "data": {"object": about}}, "guessed")
    answers = [post_webhook(browser, one) for one in (letter, letter, forged)]
    assert answers == [200, 200, 400]
    code = (
        "from jewelrymodel.infra.models import InboxMessage; print('kept', "
        f"*InboxMessage.objects.filter(external_id__startswith={event['id']!r})"
        ".values_list('external_id', flat=True))"
    )
    assert run_inside(service, code).endswith(f"kept {event['id']}\n")
