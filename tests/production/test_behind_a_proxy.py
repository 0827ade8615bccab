"""Real nginx and Caddy in front of the real service: who calls, and over what."""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support import proxies
from tests.support.account_emails import code_for
from tests.support.outside import PASSWORD, open_account, run
from tests.support.proxies import CADDY, NGINX, PLAIN, Certificate, Mailbox
from tests.support.service import Service, wait_for
from tests.support.shop import Letter, signed

LIES = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.7",
    "Forwarded": "for=203.0.113.7;proto=http",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
}
Browser = Callable[[str], httpx.Client]
TOKEN = "__Host-csrftoken"


@pytest.fixture(scope="session", params=["nginx", "caddy"])
def browse(
    request: pytest.FixtureRequest,
    service: Service,
    folder: Path,
    certificate: Certificate,
) -> Iterator[Browser]:
    """Give what makes a browser on the machine with an address of its own (in 127/8)."""
    if request.param == "nginx":
        tls = service.port + NGINX
        proxy = proxies.nginx(
            folder, certificate, to=service.port, tls=tls, plain=service.port + PLAIN
        )
    else:
        tls = service.port + CADDY
        proxy = proxies.caddy(folder, certificate, to=service.port, tls=tls)
    trust = ssl.create_default_context(cafile=str(certificate.authority))
    offset = 0 if request.param == "nginx" else 100  # limits of one proxy's clients bind no other's

    def browser(last: str) -> httpx.Client:
        line = httpx.HTTPTransport(verify=trust, local_address=f"127.0.0.{int(last) + offset}")
        one = httpx.Client(base_url=f"https://localhost:{tls}", transport=line, timeout=60)
        return open_ones.enter_context(one)

    with proxy, ExitStack() as open_ones:
        yield browser


def sign_in(browser: httpx.Client, email: str, password: str, **lies: str) -> httpx.Response:
    """Send the form of the sign-in page."""
    browser.get("/account/login/")
    sent = {
        "login": email,
        "password": password,
        "csrfmiddlewaretoken": browser.cookies[TOKEN],
    }
    referer = {"Referer": str(browser.base_url)}
    return browser.post("/account/login/", data=sent, headers={**lies, **referer})


def client_of(service: Service, email: str) -> str:
    """The address that the newest order of *email* keeps as evidence."""
    code = (
        "from jewelrymodel.payments.models import Order; "
        f"print('ip', Order.objects.filter(placed_by__email={email!r}).latest('created_at').ip)"
    )
    return run(service, "manage", "shell", "-c", code)


def test_the_page_is_secure_and_says_so(browse: Browser) -> None:
    page = browse("20").get("/account/login/")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
    assert "camera=()" in page.headers["Permissions-Policy"]


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
    answers = [post(browser, one) for one in (letter, letter, forged)]
    assert answers == [200, 200, 400]
    code = (
        "from jewelrymodel.infra.models import InboxMessage; print('kept', "
        f"*InboxMessage.objects.filter(external_id__startswith={event['id']!r})"
        ".values_list('external_id', flat=True))"
    )
    assert run(service, "manage", "shell", "-c", code).endswith(f"kept {event['id']}\n")


def post(browser: httpx.Client, letter: Letter) -> int:
    """Send a webhook; the status of the answer."""
    headers = {"Stripe-Signature": letter.signature, "Content-Type": "application/json"}
    return browser.post("/hooks/stripe", content=letter.body, headers=headers).status_code


def set_up_second_factor(browser: httpx.Client) -> None:
    """Turn two-step verification on, as the desk asks, and enter a code."""
    headers = {"Referer": str(browser.base_url)}

    def send(address: str, **fields: str) -> httpx.Response:
        token = {"csrfmiddlewaretoken": browser.cookies[TOKEN]}
        return browser.post(address, data=fields | token, headers=headers)

    send("/account/reauthenticate/", password=PASSWORD)
    page = browser.get("/account/2fa/totp/activate/").text
    secret = re.search(r'data-copy="([A-Z2-7]+)"', page)
    assert secret, page
    send("/account/2fa/totp/activate/", code=code_for(secret[1]))
    asked = browser.get("/desk").headers["Location"]
    assert send(asked, code=code_for(secret[1], nth=1)).headers["Location"] == "/desk"


def order(browser: httpx.Client) -> None:
    """Buy what is first on the price list, up to the processor's page."""
    pricing = browser.get("/pricing").text
    link = re.search(r'href="(/checkout/[^"]+)"', pricing)
    assert link, pricing[:2000]
    page = browser.get(link.group(1)).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    sent = {**hidden, "country": "US", "capacity": "business"}
    answer = browser.post(
        link.group(1), data=sent, headers={"Referer": str(browser.base_url), **LIES}
    )
    assert answer.status_code == 302, answer.text[:3000]
