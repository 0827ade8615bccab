"""Two colleagues act at once, in a database that really commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor


def test_two_operators_cannot_end_each_other(committing_db: None) -> None:
    now = clock.now()
    pair = [
        operations.hire(
            email=email,
            password=None,
            name="",
            role=StaffRole.OPERATOR,
            actor=Actor.system("test"),
            now=now - timedelta(days=1),
        ).user_id
        for email in ("vera@desk.example", "olga@desk.example")
    ]

    def end(user_id: int) -> bool:
        try:
            operations.end_staff(user_id=user_id, actor=Actor.system("test"), now=now)
        except operations.LastOperator:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(end, pair)) == [False, True]
    assert queries.current_staff(now).count() == 1
