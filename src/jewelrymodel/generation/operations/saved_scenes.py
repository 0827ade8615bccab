"""Scenes that a seller keeps under a name, to describe them once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jewelrymodel.generation.models import SavedScene
from jewelrymodel.generation.rules.described_scene import checked, scene_of
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

MAX_SAVED_SCENES = 50  # of one account
LONGEST_NAME = 60


class SceneNameMissing(CodedError):
    """A scene is kept under a name, and none was given."""


class SceneNameTaken(CodedError):
    """Another of the account's scenes has this name."""


class TooManyScenes(CodedError):
    """The account keeps as many scenes as it may."""


def save_scene(
    *, account_id: str, name: str, scene: Mapping[str, Any], now: datetime
) -> SavedScene:
    """Return *scene*, as ``scene_of`` reads it, kept under *name*.

    Raises SceneNameMissing, SceneNameTaken, TooManyScenes and what ``checked`` raises.
    """
    stored, its_name = checked(scene_of(scene)).stored, _name(name)
    if SavedScene.objects.filter(account_id=account_id).count() >= MAX_SAVED_SCENES:
        raise TooManyScenes(at_most=MAX_SAVED_SCENES)
    try:
        with transaction.atomic():
            return SavedScene.objects.create(
                id=new_id("scene", now=now),
                account_id=account_id,
                name=its_name,
                scene=stored,
                created_at=now,
            )
    except IntegrityError:
        raise SceneNameTaken(name=its_name) from None


def rename_scene(*, account_id: str, scene_id: str, name: str) -> None:
    """Give a kept scene another name. Raises SceneNameMissing, SceneNameTaken and
    SavedScene.DoesNotExist.
    """
    mine, its_name = SavedScene.objects.filter(account_id=account_id, pk=scene_id), _name(name)
    try:
        with transaction.atomic():
            changed = mine.update(name=its_name)
    except IntegrityError:
        raise SceneNameTaken(name=its_name) from None
    if not changed:
        raise SavedScene.DoesNotExist


def drop_scene(*, account_id: str, scene_id: str) -> None:
    """Keep a scene no longer; what was made of it stays. Raises SavedScene.DoesNotExist."""
    if not SavedScene.objects.filter(account_id=account_id, pk=scene_id).delete()[0]:
        raise SavedScene.DoesNotExist


def _name(name: str) -> str:
    its_name = " ".join(name.split())[:LONGEST_NAME]
    if not its_name:
        raise SceneNameMissing
    return its_name
