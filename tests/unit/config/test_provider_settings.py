"""Which providers of image models are set up: one variable each, and none by accident."""

import pytest

from jewelrymodel.config import provider_settings
from jewelrymodel.config.environment_variables import BadSetting

REAL = {"OPENAI_IMAGES_KEY": "sk-1", "BFL_IMAGES_KEY": "b-1"}


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """None of the variables is set."""
    for name in (*provider_settings.SWITCHES.values(), "PROVIDER_ORDER", "DEMO_PROVIDERS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def names(*, demo: bool = False) -> list[str]:
    return [one["name"] for one in provider_settings.providers(demo=demo, stand_in_port=8002)]


def test_a_key_for_another_program_sends_nothing_anywhere(env: pytest.MonkeyPatch) -> None:
    for usual in ("OPENAI_API_KEY", "GEMINI_API_KEY", "FAL_KEY", "BFL_API_KEY"):
        env.setenv(usual, "secret")
    assert names() == []


def test_they_are_asked_in_the_operators_order(env: pytest.MonkeyPatch) -> None:
    for name, value in REAL.items():
        env.setenv(name, value)
    assert names() == ["openai", "bfl"]
    env.setenv("PROVIDER_ORDER", "bfl, openai")
    assert names() == ["bfl", "openai"]
    env.setenv("PROVIDER_ORDER", "bfl midjourney")
    with pytest.raises(BadSetting):
        names()


def test_the_demo_has_its_stand_ins_and_takes_no_key(env: pytest.MonkeyPatch) -> None:
    assert names(demo=True) == []
    env.setenv("DEMO_PROVIDERS", "fal,openai")
    one, two = provider_settings.providers(demo=True, stand_in_port=8002)
    assert (one["base"], one["key"]) == ("http://127.0.0.1:8002/openai", "sandbox")
    assert two["keys_url"] == "http://127.0.0.1:8002/fal/.well-known/jwks.json"
    env.setenv("BFL_IMAGES_KEY", "real")
    with pytest.raises(BadSetting):
        names(demo=True)


def test_a_model_that_the_catalog_lacks_is_refused_at_the_start(env: pytest.MonkeyPatch) -> None:
    env.setenv("OPENAI_IMAGES_KEY", "sk-1")
    env.setenv("OPENAI_IMAGES_MODEL", "gpt-image-2-2026-04-21")
    assert names() == ["openai"]
    env.setenv("OPENAI_IMAGES_MODEL", "dall-e-3")
    with pytest.raises(BadSetting):
        names()


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("http://127.0.0.1:8188", True),
        ("https://comfy.studio.example", True),
        ("http://comfy.studio.example:8188", False),
        ("comfy.studio.example", False),
    ],
)
def test_photos_go_to_a_server_of_ones_own_over_https_only(
    env: pytest.MonkeyPatch, address: str, is_taken: bool
) -> None:
    env.setenv("COMFYUI_URL", address)
    if is_taken:
        assert names() == ["comfyui"]
        return
    with pytest.raises(BadSetting):
        names()
