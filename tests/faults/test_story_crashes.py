"""Whatever is killed under a customer's hands: the story goes on to its end, and the books agree.

Each test goes on where the one before ended. Real time passes here: a killed worker's lease (30 s)
has to run out before another takes over.
"""

import os
import signal
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.browsing import NewVisitor
from tests.support.inside import run_inside
from tests.support.outside import (
    checkout_at_processor,
    open_account,
    refunds_at_processor,
    run,
    spoil_processor,
)
from tests.support.service import Service, wait_for

EMAIL = "steady@story.example"
ABSENT = "absent@story.example"
MANY = "many@story.example"
AGREE = "The books agree"
RESTART_S = 90
BETWEEN_PAGES_S = 2
SWEPT_S = 200  # the sweeper asks after a minute, at the next full one
PHOTO = visitor.PHOTOS / "render_pendant.jpg"

DECIDE = """
from jewelrymodel.accounts.models import User
from jewelrymodel.infra import clock
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import Chosen, RequestFacts, Subject, SubjectKind
order = Order.objects.filter(buyer_email={email!r}, state="delivered").first()
request = RequestFacts(
    account_id=order.account_id, category="changed_mind", requested_at=clock.now(),
    subject=Subject(SubjectKind.ORDER, order.pk), identity_level=3,
)
found = operations.assess(request=request, now=clock.now())
colleague = User.objects.create_user(email="colleague@story.example")
operations.decide_by_person(
    request=request, signature=found.signature, reason="Kindness", user_id=colleague.pk,
    remedies=[Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=200, currency="USD")],
    now=clock.now(),
)
print(order.pk)
"""


def kill(service: Service, part: str) -> int:
    """Kill a part's whole process group, as kill -9 does; its leader."""
    leader = service.leader_of(part)
    assert leader is not None, f"{part} doesn't run"
    os.killpg(leader, signal.SIGKILL)
    return leader


def wait_until_back(service: Service, part: str, killed: int) -> None:
    """Wait until another process does the part's work and everything is up."""
    wait_for(
        lambda: service.leader_of(part) not in (None, killed) and service.health().get("healthy"),
        timeout_s=RESTART_S,
        what=lambda: f"{part} stayed away: {service.health()}\n{service.log[-2000:]}",
    )


def be_in_the_middle_of_an_order(page: Page, service: Service) -> None:
    """Order two images, see the first step under way: the worker waits until the page watches."""
    worker, badge = service.leader_of("worker"), page.locator("#task .badge").first
    assert worker is not None
    page.goto("/studio")
    page.get_by_role("link", name=PHOTO.name).click()
    visitor.choose_looks(page, "On the neck, light skin", "White marble")
    os.killpg(worker, signal.SIGSTOP)
    try:
        visitor.generate(page)
        expect(badge).to_have_text("queued", timeout=visitor.WORK_MS)
    finally:
        os.killpg(worker, signal.SIGCONT)
    expect(badge).to_have_text("running", timeout=visitor.WORK_MS)


def be_at_the_payment_page(page: Page) -> tuple[str, str]:
    """Place an order; the address to come back to, and the processor's session."""
    page.goto("/checkout/tray")
    visitor.check_out(page, "tray", country="US", capacity="business")
    visitor.to_payment_page(page)
    session = urlsplit(page.url).path.rsplit("/", 1)[-1]
    visitor.fill_card(page, visitor.GOOD_CARD)
    back = page.get_by_role("link", name="Go back without paying").get_attribute("href")
    assert back
    return back, session


def pay_while_nobody_is_home(page: Page, service: Service, session: str) -> None:
    """Pay; the way back may lead nowhere, so the processor is asked whether it has the money."""
    page.get_by_role("button", name="Pay USD").click(no_wait_after=True)
    wait_for(
        lambda: checkout_at_processor(service, session)["payment_status"] == "paid",
        timeout_s=30,
        what="the processor was not paid",
    )


def see_it_paid_once(page: Page, back: str, *, owned: int) -> None:
    """Come back to the shop: paid, and the credits there once.

    In a window of its own: the first may still be on its way back by itself.
    """
    page = page.context.new_page()
    page.goto(back)
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert sum(visitor.credits_of(page).values()) == owned


def test_payments_without_webhooks(let_in: NewVisitor, service: Service) -> None:
    """One buyer returns and finds the credits there; the other's the last test looks for."""
    for email, given in ((EMAIL, 10), (ABSENT, 1)):
        open_account(service, email, given=given)
    absent, steady = let_in(), let_in()
    spoil_processor(service, drop_webhooks=-1)
    visitor.sign_in(absent, ABSENT)
    _, session = be_at_the_payment_page(absent)
    absent.route("**/billing/**", lambda route: route.abort())  # the window is closed
    pay_while_nobody_is_home(absent, service, session)
    visitor.sign_in(steady, EMAIL)
    back, session = be_at_the_payment_page(steady)
    pay_while_nobody_is_home(steady, service, session)
    see_it_paid_once(steady, back, owned=30)
    spoil_processor(service, drop_webhooks=0)


def test_worker_and_web_killed_under_a_generation_and_a_checkout(
    page: Page, service: Service
) -> None:
    visitor.sign_in(page, EMAIL)
    visitor.choose_photo(page, PHOTO)
    visitor.approve(page, kind="pendant", size_mm=22)
    buyer = page.context.new_page()
    back, session = be_at_the_payment_page(buyer)
    be_in_the_middle_of_an_order(page, service)
    worker, web = kill(service, "worker"), kill(service, "web")
    pay_while_nobody_is_home(buyer, service, session)
    wait_until_back(service, "web", web)
    wait_until_back(service, "worker", worker)
    page.reload()
    expect(page.locator("#task")).to_contain_text("2 credits held")
    see_it_paid_once(buyer, back, owned=50)
    visitor.wait_for_end(page, "Your images")
    assert visitor.credits_of(page) == {"Available": 48, "Held for running generations": 0}
    assert AGREE in run(service, "ledger", "verify")


def test_postgresql_killed_under_a_generation_and_a_checkout(page: Page, service: Service) -> None:
    """The page that watches the order is not loaded anew: it lives through it."""
    visitor.sign_in(page, EMAIL)
    buyer = page.context.new_page()
    back, session = be_at_the_payment_page(buyer)
    be_in_the_middle_of_an_order(page, service)
    killed = kill(service, "postgres")
    pay_while_nobody_is_home(buyer, service, session)
    wait_until_back(service, "postgres", killed)
    see_it_paid_once(buyer, back, owned=68)
    visitor.wait_for_end(page, "Your images")
    assert visitor.credits_of(page) == {"Available": 66, "Held for running generations": 0}
    assert AGREE in run(service, "ledger", "verify")


def test_worker_killed_between_a_decision_and_its_refund(page: Page, service: Service) -> None:
    """The decision is there, its worker isn't: after the restart the money goes back, once."""
    visitor.sign_in(page, EMAIL)
    worker = service.leader_of("worker")
    assert worker is not None
    os.killpg(worker, signal.SIGSTOP)
    order_id = run_inside(service, DECIDE.format(email=EMAIL)).split()[-1]
    assert kill(service, "worker") == worker
    wait_until_back(service, "worker", worker)

    def refunded() -> bool:
        page.goto(f"/billing/orders/{order_id}")
        return "$2.00 refunded to your card" in page.locator("main").inner_text()

    wait_for(
        refunded,
        timeout_s=SWEPT_S,
        what="the refund was not taken up",
        pause_s=BETWEEN_PAGES_S,
    )
    assert refunds_at_processor(service, amount_minor=200) == 1
    assert AGREE in run(service, "ledger", "verify")


def test_a_payment_whose_buyer_never_came_back_was_found(page: Page, service: Service) -> None:
    visitor.sign_in(page, ABSENT)
    wait_for(
        lambda: visitor.credits_of(page)["Available"] == 21,
        timeout_s=SWEPT_S,
        what="the sweeper did not look",
        pause_s=BETWEEN_PAGES_S,
    )
    assert [words for words, _ in visitor.statement(page)].count("Credit pack") == 1


def test_worker_killed_while_a_batch_is_cut_out(page: Page, service: Service) -> None:
    """What was sent stays, and another worker goes on with it."""
    open_account(service, MANY, given=1)
    visitor.sign_in(page, MANY)
    visitor.begin_batch(page)
    photos = [visitor.PHOTOS / f"render_{name}.jpg" for name in ("pendant", "ring", "hoop")]
    page.locator("#batch-files").set_input_files(photos)
    cards = page.locator(".batch-card")
    expect(cards).to_have_count(len(photos))
    expect(page.locator(".batch-card[data-state^=cutting]")).to_have_count(
        1, timeout=visitor.WORK_MS
    )
    worker = kill(service, "worker")
    wait_until_back(service, "worker", worker)
    page.reload()
    expect(page.locator(".batch-card[data-state^=shown]")).to_have_count(
        len(photos), timeout=3 * visitor.WORK_MS
    )
