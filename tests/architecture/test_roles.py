"""The page of roles is that of the table, and no address is left out of it."""

from django.urls import URLPattern, URLResolver
from tools import roles

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web.acts import acts_of_view


def test_the_page_of_roles_is_up_to_date() -> None:
    assert roles.OUT.read_text("utf-8") == roles.page(), "run: python tools/roles.py"


def test_every_act_is_described_once() -> None:
    assert list(roles.WORDS) == list(Act)


def test_no_address_is_without_an_act() -> None:
    from jewelrymodel.config.urls import urlpatterns

    without, used = [], set()
    waiting: list[URLPattern | URLResolver] = [*urlpatterns]
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
            continue
        acts = acts_of_view(one.callback)
        used.update(acts)
        without += [] if acts else [str(one.pattern)]
    assert not without
    inside = {Act.MONEY_REQUESTS}  # asked by views of requests, by what each is about
    assert used | inside >= set(Act)
