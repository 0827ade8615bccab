"""Nowhere where a scene is described, kept or made is a sentence untranslated."""

import re

import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.generation.models import SavedScene, Task
from tests.support import generation as world
from tests.support.providers import access
from tests.support.pseudo_pages import Walk

pytestmark = pytest.mark.django_db
NAME = "Ada's rings"  # what a seller writes isn't translated


def test_describing_a_scene(buyer: Walk, settings: Settings) -> None:
    settings.PROVIDERS = [access("http://127.0.0.1:9", "openai")]
    account = world.seller()
    buyer.client.force_login(account.memberships.get().user)
    photo = world.approve(world.approved_photo(account))
    page = f"/studio/photos/{photo.pk}"
    look = {"look": "generated-described", "generator": "hosted", "scene_framing": "near"}
    refused = ("girl", "nude", "Shakira", "Rolex", "woman")
    buyer.data = re.compile("|".join((buyer.data.pattern, "velvet", *refused)))
    for words in (*refused, "1" * 201, ""):
        buyer.post(f"{page}/generate", **look, scene_words=words)
    buyer.post(f"{page}/generate", **look, scene_words=NAME, scene_season="monsoon")
    buyer.post(f"/studio/photos/{photo.pk}/scene-draft", **look, scene_words=NAME)
    buyer.post(f"/studio/photos/{photo.pk}/scene-save", **look, scene_words=NAME)
    buyer.post(f"/studio/photos/{photo.pk}/scene-save", **look, scene_words=NAME, scene_name=NAME)
    buyer.get(f"{page}?look=generated-described&generator=hosted&scene_words=1+velvet&draft=velvet")
    buyer.get(f"{page}?draft=none")
    buyer.get("/studio/scenes")
    buyer.post("/studio/scenes/rename", scene=SavedScene.objects.get().pk)
    buyer.post("/studio/scenes/remove", scene=SavedScene.objects.get().pk)
    buyer.post(f"{page}/generate", **look, scene_words=NAME)
    buyer.get(f"/studio/tasks/{Task.objects.get().pk}")
    assert not buyer.escaped, buyer.report()
