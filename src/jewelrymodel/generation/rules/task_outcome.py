"""How a task ended, by the states of its images."""

from jewelrymodel.generation.statuses import ItemState, TaskStatus


def final_status(states: list[str], *, canceled: bool) -> TaskStatus:
    """Return the final status of a task from its images' states (edges 2 and 12).

    One durable image makes a success, partial if need be; without any, the customer's own cancel
    is no failure.
    """
    if ItemState.DELIVERED in states:
        return TaskStatus.SUCCEEDED
    return TaskStatus.CANCELED if canceled else TaskStatus.FAILED
