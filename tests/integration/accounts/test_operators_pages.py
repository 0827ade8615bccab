"""What an operator does without a shell: staff, prices, a test email, a check, the record."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import StaffMember, User
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.audit import operations as audit
from jewelrymodel.audit.models import AuditEntry, SecurityEvent
from jewelrymodel.audit.statuses import SecurityEventKind
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.config.finding import Finding
from jewelrymodel.infra.clock import now
from jewelrymodel.infra.models import PendingEmail
from tests.support.shop import at_the_desk

pytestmark = pytest.mark.django_db
SURE = {"reason": "The team grows.", "sure": "on"}
NEW = "noor@desk.example"


@pytest.fixture
def olga() -> Client:
    """An operator at the desk."""
    client = at_the_desk("Olga Example")
    StaffMember.objects.update(role=StaffRole.OPERATOR)
    return client


def findings() -> list[Finding]:
    """What a doctor says that looked at nothing."""
    return [Finding("mail server", False, "takes no mail"), Finding("disk", True, "9 GB free")]


def test_an_operator_lets_somebody_in_and_out_with_a_reason(olga: Client) -> None:
    new = {"email": NEW, "name": "Noor Example", "role": "agent"}
    assert olga.post("/desk/staff/add", new).status_code == 422
    assert olga.post("/desk/staff/add", {**new, **SURE}).status_code == 302
    noor = StaffMember.objects.get(user__email=NEW)
    assert "/account/password/reset/key/" in PendingEmail.objects.get(recipient=NEW).text
    assert NEW in olga.get("/desk/staff").content.decode()
    ending = {"user": noor.user_id, "end-reason": "She left.", "end-sure": "on"}
    assert olga.post("/desk/staff/end", {"user": noor.user_id}).status_code == 422
    assert olga.post("/desk/staff/end", ending).status_code == 302
    noor.refresh_from_db()
    assert noor.until_at is not None
    entries = AuditEntry.objects.filter(subject=f"user:{noor.user_id}").order_by("id")
    assert [(one.action, one.reason) for one in entries] == [
        ("staff.agent", "The team grows."),
        ("staff.ended", "She left."),
    ]


def test_the_last_operator_stays(olga: Client) -> None:
    me = User.objects.get(first_name="Olga")
    change = {"email": me.email, "role": "agent", **SURE}
    assert olga.post("/desk/staff/add", change).status_code == 422
    olga.post("/desk/staff/end", {"user": me.pk, "end-reason": "Bye.", "end-sure": "on"})
    assert StaffMember.objects.get(user=me).until_at is None


def test_another_price_is_shown_first_and_then_published_with_a_reason(olga: Client) -> None:
    sku = catalog.products_on_sale(now())[0].sku
    change = {"sku": sku, "price": "12.50", "quantity": "30", "effective_from_at": ""}
    shown = olga.post("/desk/prices/change", {**change, "do": "preview"})
    assert shown.status_code == 200
    assert "$12.50" in shown.content.decode()
    assert catalog.product_on_sale(sku, now()).price_minor != 1250
    assert olga.post("/desk/prices/change", {**change, "do": "publish"}).status_code == 422
    assert olga.post("/desk/prices/change", {**change, **SURE, "do": "publish"}).status_code == 302
    version = catalog.product_on_sale(sku, now())
    assert (version.price_minor, version.credits) == (1250, 30)
    assert "The team grows." in AuditEntry.objects.get(subject=f"product:{version.pk}").reason
    late = {**change, **SURE, "do": "publish", "effective_from_at": "2020-01-01T00:00:00"}
    assert olga.post("/desk/prices/change", late).status_code == 422


def test_a_later_price_waits_and_only_one_begins_after_another(olga: Client) -> None:
    sku, day = catalog.products_on_sale(now())[0].sku, now() + timedelta(days=3)
    change = {"sku": sku, "price": "99", "quantity": "9", **SURE, "do": "publish"}
    at = {"effective_from_at": f"{day:%Y-%m-%dT%H:%M:%S}"}
    assert olga.post("/desk/prices/change", {**change, **at}).status_code == 302
    assert catalog.product_on_sale(sku, now()).credits != 9
    assert catalog.product_on_sale(sku, day + timedelta(seconds=1)).credits == 9
    assert [one.sku for one in catalog.products_to_come(now())] == [sku]
    assert olga.post("/desk/prices/change", change).status_code == 422
    assert "99.00" in olga.get("/desk/prices").content.decode()


def test_settings_are_shown_without_secrets_and_can_be_tried(
    olga: Client, settings: Settings
) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_never_shown"
    page = olga.get("/desk/settings").content.decode()
    assert "SINGLE_OPERATOR" in page
    assert ">False<" not in page
    assert "SECOND_APPROVAL_LIMIT_MINOR" in page
    assert "sk_test_never_shown" not in page
    settings.DOCTOR = f"{__name__}.findings"
    assert "takes no mail" in olga.post("/desk/settings/check").content.decode()


def test_who_tries_to_sign_in_is_counted_and_what_was_entered_is_not_kept(olga: Client) -> None:
    for email in ("olga@desk.example", "olga@desk.example", "nobody@desk.example"):
        Client().post("/account/login/", {"login": email, "password": "not-it"})
    known, unknown = SecurityEvent.objects.filter(kind="sign_in_failed").order_by("-times")
    me = User.objects.get(first_name="Olga")
    assert (known.user_id, known.times, known.network) == (me.pk, 2, "127.0.0.0/24")
    assert (unknown.user_id, unknown.about) == (0, "")
    page = olga.get("/desk/record?kind=sign_in_failed&email=olga@desk.example").content.decode()
    assert "Olga Example" in page
    assert "nobody we know" not in page
    assert "nobody we know" in olga.get("/desk/record").content.decode()
    audit.forget_security_events(now=now() + timedelta(days=91))
    assert not SecurityEvent.objects.exists()


def test_refusals_are_counted_and_lead_nowhere(olga: Client) -> None:
    agent = at_the_desk("Vera Example")
    assert agent.get("/desk/staff").status_code == 404
    assert agent.get("/desk/staff").status_code == 404
    refused = SecurityEvent.objects.get(kind=SecurityEventKind.REFUSED)
    assert (refused.about, refused.times) == ("staff", 2)


def test_the_record_of_acts_is_paged_and_filtered(olga: Client) -> None:
    for number in range(51):
        olga_acts(number)
    first = olga.get("/desk/record/acts?of=account.").content.decode()
    assert first.count("Account details changed") == 50
    assert "before=aud_" in first
    oldest = AuditEntry.objects.filter(action="account.changed").order_by("id")[1]
    older = olga.get(f"/desk/record/acts?of=account.&before={oldest.pk}").content.decode()
    assert older.count("Account details changed") == 1
    assert "Account details changed" not in olga.get("/desk/record/acts?of=staff.").content.decode()
    for strange in ("before=%00", "email=%00", "before=9" * 3):
        assert olga.get(f"/desk/record?{strange}").status_code in (200, 400)


def olga_acts(number: int) -> None:
    from jewelrymodel.kernel.actors import Actor

    audit.record(
        actor=Actor.user(User.objects.get(first_name="Olga").pk),
        action="account.changed",
        subject=f"account:{number}",
        reason="",
        account_id="",
        now=now() + timedelta(milliseconds=number),
    )
