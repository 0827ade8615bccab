"""The queue's one app: which queues there are; the rooms register their own work."""

from procrastinate import App

QUEUES = {"default": 4, "studio": 1}
"""How many jobs of each queue one worker does at once. An image takes a gigabyte: one at a time."""


def on_app_ready(app: App) -> None:
    """Called by Procrastinate when Django is ready; nothing is registered centrally."""
