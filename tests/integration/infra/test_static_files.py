"""What a browser may keep for a year has a name that changes with its content."""

import re
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from jewelrymodel.infra.static_files import JOINED, StaticFiles
from tests.support.tree import ROOT

FROM = re.compile(r'\bfrom\s*"([^"]+)"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
STATIC = ROOT / "src/jewelrymodel/web/static"
OURS = {one.name for one in STATIC.iterdir()}
SHARED = ("tokens.css", "base.css", "components.css", "pictures.css", "shell.css")


def test_scripts_name_their_modules_by_content(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    backend = "jewelrymodel.infra.static_files.StaticFiles"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)
    scripts = [
        path
        for path in tmp_path.rglob("*.js")
        if HASHED.search(path.name) and path.relative_to(tmp_path).parts[0] in OURS
    ]
    imports = {
        f"{path.relative_to(tmp_path)}: {module}"
        for path in scripts
        for module in FROM.findall(path.read_text())
    }
    assert any("place." in one for one in imports)
    assert not {one for one in imports if not HASHED.search(one)}


def test_what_every_page_has_is_one_style_sheet(tmp_path: Path) -> None:
    source = FileSystemStorage(STATIC)
    stored = StaticFiles(location=tmp_path, base_url="/static/")
    for name in (JOINED, *SHARED):
        shutil.copy(STATIC / name, tmp_path)
    for _ in range(2):  # a later start does it again
        list(stored.post_process({name: (source, name) for name in (JOINED, *SHARED)}))
    joined = (tmp_path / JOINED).read_text()
    places = [joined.index((STATIC / name).read_text()) for name in SHARED]
    assert places == sorted(places)
    assert "@import" not in joined
    assert re.fullmatch(r"/static/all\.[0-9a-f]{12}\.css", stored.url(JOINED, force=True))


def test_a_page_names_it_and_none_of_its_parts(client: Client, db: None) -> None:
    page = client.get("/pricing").content.decode()
    assert JOINED.partition(".")[0] in page
    assert not [name for name in SHARED if f"/{name.partition('.')[0]}." in page]
