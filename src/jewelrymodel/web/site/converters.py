"""Parts of addresses that mean more than their letters."""

from datetime import date

from jewelrymodel.catalog.documents import Document


class DayConverter:
    """A day, written as 2026-05-14."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Return the day; raises ValueError (a 404) where the calendar has none."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as it stands in an address."""
        return value.isoformat()


class DocumentConverter:
    """A legal text, by the word for it."""

    regex = "|".join(Document.values)

    def to_python(self, value: str) -> Document:
        """Return the text that the word stands for."""
        return Document(value)

    def to_url(self, value: Document) -> str:
        """Return the word as it stands in an address."""
        return str(value)
