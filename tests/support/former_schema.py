"""The database as an earlier version had it."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState


def migrate_back(app: str, name: str) -> None:
    """Undo every migration that came after *name* of *app*, as ``migrate`` does.

    The models of each step are built once, from a state without any: ``migrate`` carries built ones
    through all later migrations, which costs several times as much as what is to be undone.
    """
    executor = MigrationExecutor(connection)
    undone = [migration for migration, _backwards in executor.migration_plan([(app, name)])]
    graph = executor.loader.graph
    everything = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
    before: dict[Migration, ProjectState] = {}
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    for migration, _backwards in everything:
        if migration in undone:
            before[migration] = state.clone()
        state = migration.mutate_state(state, preserve=False)
    for migration in undone:
        executor.unapply_migration(before[migration], migration)
