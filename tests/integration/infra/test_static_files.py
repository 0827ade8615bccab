"""What a browser may keep for a year has a name that changes with its content."""

import re
from pathlib import Path

from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests.support.tree import ROOT

FROM = re.compile(r'\bfrom\s*"([^"]+)"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
OURS = {one.name for one in (ROOT / "src/jewelrymodel/web/static").iterdir()}


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
