"""Which network looks at generated scenes, and that one does."""

import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.config import network_findings
from jewelrymodel.generation import task_worker
from jewelrymodel.generation.adapters.scene_network import people_networks, scene_network
from jewelrymodel.generation.gateway import GeneratorUnavailable
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.provider_choices import offers_image_models
from jewelrymodel.studio.arrays import Bytes, Floats
from jewelrymodel.studio.matting import Matting
from jewelrymodel.studio.matting_weights import ISNET, U2NETP, default_models_dir
from tests.support.generation import Hands, order, work
from tests.support.providers import panel, set_up


def installed(folder: Path, *names: str) -> Path:
    for name in names:
        shutil.copyfile(default_models_dir() / name, folder / name)
    return folder


def test_it_is_the_small_one_whatever_makes_the_cutouts(settings: Settings) -> None:
    settings.MATTING_MODEL = "isnet"
    network = scene_network()
    assert network is not None
    assert network.name == U2NETP.name


def test_without_it_the_cutouts_network_looks(tmp_path: Path, settings: Settings) -> None:
    settings.MODELS_DIR = installed(tmp_path, ISNET.file_name)
    settings.MATTING_MODEL = "auto"
    network = scene_network()
    assert network is not None
    assert network.name == ISNET.name


def test_where_none_is_installed_the_log_says_so(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODELS_DIR = tmp_path
    assert scene_network() is None
    assert "no network looks at generated scenes" in caplog.text


def test_it_is_asked_and_the_image_keeps_which_it_was(
    account: Account,
    photo: Photo,
    generator_url: str,
    settings: Settings,
    hands: Hands,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel(generator_url, forget=True)
    monkeypatch.setattr(task_worker, "VISIT_S", 0.0)
    set_up(settings, generator_url, "openai")
    asked: list[str] = []
    honest = Matting.alpha

    def noted(network: Matting, rgb: Bytes) -> Floats:
        asked.append(network.name)
        return honest(network, rgb)

    monkeypatch.setattr(Matting, "alpha", noted)
    task = order(photo, looks=["generated-stone"])
    for _ in range(8):
        if work(task, hands).finished_at:
            break
        hands.pass_(seconds=30)
    assert asked == [U2NETP.name]
    assert Asset.objects.get().settings["network_asked"] == U2NETP.name


def test_no_scene_is_offered_for_money_where_nobody_looks_for_people(
    tmp_path: Path, generator_url: str, settings: Settings, db: None
) -> None:
    set_up(settings, generator_url, "openai")
    settings.DEMO = False
    assert offers_image_models()
    assert all(one.is_fine for one in network_findings.people())
    settings.MODELS_DIR = tmp_path
    assert not offers_image_models()
    (finding,) = network_findings.people()
    assert finding.is_fine is False
    assert "nudenet-320n.onnx" in finding.words
    assert finding.words.endswith(f"run: {network_findings.fetching()}")
    with pytest.raises(GeneratorUnavailable, match=r"nudenet-320n\.onnx"):
        people_networks()


def test_the_demos_stand_ins_draw_nobody(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEMO, settings.MODELS_DIR = True, tmp_path
    assert people_networks() is None
    assert "nothing looks for people" in caplog.text
    (finding,) = network_findings.people()
    assert finding.is_fine is None
