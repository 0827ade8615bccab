"""Fields for what people write."""

from typing import Any

from django import forms

from jewelrymodel.kernel.one_line import one_line


class WordsField(forms.CharField):
    """Words, in a line or several: what is too long is refused, with all of it still there.

    The page names no ``maxlength``: a browser cuts what is pasted there, and says nothing.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the attributes of the input, without a length."""
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}


class NameField(forms.CharField):
    """A name: one line, without what can't be seen. Where nothing else was sent, none was."""

    def to_python(self, value: Any) -> str:
        """Return the name as it is kept."""
        return one_line(super().to_python(value) or "")
