"""Which texts of the policy decisions rest on."""

from datetime import date

from django.db import connection

from jewelrymodel.catalog.edition_pins import Pin

_CITED = """
SELECT edition->>'date', edition->>'sha256', count(*)
FROM remedies_decision, jsonb_array_elements(body->'editions') AS edition
WHERE edition->>'role' <> 'law'
GROUP BY 1, 2 ORDER BY 1, 2
"""


def cited_texts() -> list[Pin]:
    """Return every text that a decision names as its substance or its procedure; files of law
    come with the program.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CITED)
        return [
            Pin("decisions", date.fromisoformat(day), sha256, count)
            for day, sha256, count in cursor.fetchall()
        ]
