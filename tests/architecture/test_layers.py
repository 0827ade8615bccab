"""What may know what: imports by their contracts, foreign keys by the same list of layers."""

import ast
import subprocess
import sys
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from tests.support.tree import ROOT, SOURCE, ranks

OURS = "jewelrymodel."


def test_imports_keep_their_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:]


def test_foreign_keys_point_down() -> None:
    """A foreign key named by a string escapes the import contracts, so it is ranked here."""
    order = ranks()
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
        and not isinstance(field.related_model, str)
        and not may_point(model._meta.app_config, field.related_model._meta.app_config, order)
    ]
    assert upward == []


def may_point(source: AppConfig, target: AppConfig, order: dict[str, int]) -> bool:
    """Others' apps rank lowest; among ours, the same room or a lower one, never a sibling."""
    lowest = len(order)
    mine, its = (order.get(room(app), lowest) for app in (source, target))
    return source is target or mine < its or mine == its == lowest or not_ours(source)


def room(app: AppConfig) -> str:
    """The room's name, empty for an app that isn't ours."""
    return app.name.removeprefix(OURS) if app.name.startswith(OURS) else ""


def not_ours(app: AppConfig) -> bool:
    """Others' apps may point at our user, as the framework provides."""
    return not app.name.startswith(OURS)


def test_audit_and_infra_keep_plain_ids() -> None:
    keys = [
        f"{model._meta.label}.{field.name}"
        for label in ("audit", "infra")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    ]
    assert keys == []


def test_no_import_hides_in_a_function_to_go_up() -> None:
    """Late imports may save start-up time, never turn the layers round."""
    order = ranks()
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports {target}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(OURS)
        for target in [node.module.split(".")[1]]
        for mine in [path.relative_to(SOURCE).parts[0]]
        if mine in order and target in order and order[target] < order[mine]
    ]
    assert found == []
