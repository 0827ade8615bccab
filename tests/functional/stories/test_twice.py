"""What is sent twice happens once: two requests of one form, under way at the same time."""

from playwright.sync_api import Locator, Page, expect

from tests.support import visitor

SEND_TWICE = """(form, redirect) => {
  const send = () => fetch(form.action, {method: "POST", body: new FormData(form), redirect});
  return Promise.all([send(), send()]).then(answers => answers.map(answer => answer.url));
}"""


def sent_twice(form: Locator, *, redirect: str) -> list[str]:
    """Where the two answers came from; redirects lead on, or (manual) are left alone."""
    return list(form.evaluate(SEND_TWICE, redirect))


def test_generate_pressed_twice_is_one_order(page: Page) -> None:
    visitor.become(page, "Noor Example")
    before = visitor.credits_of(page)["Available"]
    lines = len(visitor.statement(page))
    page.goto("/library/photos")
    page.get_by_role("link", name="render_hoop.jpg").click()
    visitor.choose_looks(page, "Plain sage", hosted=True)
    first, second = sent_twice(page.locator("form[data-order]"), redirect="follow")
    assert "/studio/tasks/" in first
    assert first == second
    page.goto(first)
    visitor.wait_for_end(page, "Your images")
    assert visitor.credits_of(page)["Available"] == before - 1
    assert len(visitor.statement(page)) == lines + 2


def test_pay_pressed_twice_is_one_order(page: Page) -> None:
    visitor.become(page, "Noor Example")
    page.goto("/billing")
    orders = page.locator("section[aria-labelledby=orders] tbody tr")
    before = orders.count()
    page.goto("/checkout/tray")
    sent_twice(page.locator("form[data-once][action='/checkout/tray']"), redirect="manual")
    visitor.to_payment_page(page)
    page.goto("/billing")
    expect(orders).to_have_count(before + 1)
    page.get_by_role("link", name="Continue").first.click()
    page.get_by_role("button", name="Cancel this order").click()
    expect(page.get_by_role("heading", name="Order canceled")).to_be_visible()
