"""The queue's one app: its periodic work is registered here, its tasks by the rooms themselves."""

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Called by Procrastinate when Django is ready; nothing periodic is registered yet."""
