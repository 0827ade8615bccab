"""The demo answers this machine only: asked as a proxy would ask, or under another name."""

import httpx
import pytest

from jewelrymodel.demo.personas import OPERATORS
from tests.support.service import Service

PAGES = ("/", "/demo/", "/demo/outbox", "/account/login/", "/desk")
FORWARDED = (
    {"X-Forwarded-For": "203.0.113.7"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "shop.example"},
    {"X-Forwarded-Proto": "https"},
    {"X-Real-IP": "203.0.113.7"},
    {"Forwarded": "for=203.0.113.7"},
    {"Via": "1.1 shop.example"},
    {"CF-Connecting-IP": "203.0.113.7"},
)


@pytest.mark.parametrize("name", ["shop.example", "127.0.0.1.nip.example", "192.168.1.4"])
@pytest.mark.parametrize("page", PAGES)
def test_it_has_no_other_name(service: Service, page: str, name: str) -> None:
    answer = httpx.get(service.url + page, headers={"Host": name}, trust_env=False)
    assert answer.status_code == 400


@pytest.mark.parametrize("headers", FORWARDED, ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_it_answers_no_proxy(service: Service, page: str, headers: dict[str, str]) -> None:
    answer = httpx.get(service.url + page, headers=headers, trust_env=False)
    assert answer.status_code == 403
    assert answer.text.startswith("This is a demo")


@pytest.mark.parametrize("headers", [*FORWARDED, {"Host": "shop.example"}], ids=str)
def test_nobody_becomes_an_operator_from_afar(service: Service, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=service.url, trust_env=False) as here:
        here.get("/demo/")
        sent = {"persona": OPERATORS[0].email, "csrfmiddlewaretoken": here.cookies["csrftoken"]}
        afar = here.post("/demo/become", data=sent, headers=headers)
        assert afar.status_code in (400, 403)
        assert "sessionid" not in here.cookies
        assert here.post("/demo/become", data=sent).headers["Location"] == "/desk"


@pytest.mark.parametrize("headers", [*FORWARDED, {"Host": "shop.example"}], ids=str)
@pytest.mark.parametrize("stand_in", [1, 2], ids=["processor", "generator"])
def test_the_stand_ins_controls_answer_nobody_else(
    service: Service, stand_in: int, headers: dict[str, str]
) -> None:
    panel = f"http://localhost:{service.port + stand_in}/_sandbox/faults"
    assert httpx.get(panel, trust_env=False).status_code == 200
    assert httpx.get(panel, headers=headers, trust_env=False).status_code == 403
