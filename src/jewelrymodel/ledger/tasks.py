"""What the queue runs for the ledger."""

from procrastinate.contrib.django import app

from jewelrymodel.infra import clock
from jewelrymodel.ledger import operations


@app.periodic(cron="*/10 * * * *")
@app.task(name="ledger.expire_lots")
def expire_lots(timestamp: int) -> None:
    """Write down what has expired; *timestamp* is when the queue meant to run this."""
    operations.expire_lots(now=clock.now())
