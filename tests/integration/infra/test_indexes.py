"""Indexes that nobody looks by aren't kept."""

import pytest

from jewelrymodel.infra import prepared
from jewelrymodel.infra.postgresql.base import SEARCHED_BY_PREFIX

pytestmark = pytest.mark.django_db


def test_no_column_has_a_second_index_by_pattern() -> None:
    twins = prepared.rows(
        """
        SELECT t.relname, a.attname FROM pg_index i
        JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = current_schema()::regnamespace
        JOIN pg_opclass o ON o.oid = i.indclass[0]
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
        WHERE o.opcname LIKE '%%pattern_ops'
        """
    )
    assert set(twins) == SEARCHED_BY_PREFIX
