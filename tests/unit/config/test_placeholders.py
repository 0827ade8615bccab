import pytest

from jewelrymodel.config.commands.check import is_placeholder
from jewelrymodel.config.finding import Finding


@pytest.mark.parametrize(
    ("finding", "is_open"),
    [
        (Finding("disk", False, "0 GB free"), True),
        (Finding("disk", True, "9 GB free"), False),
        (Finding("legal entity", None, "an invented one"), True),
        (Finding("its use", None, "to take live payments, set …"), True),
        (Finding("its use", None, "acknowledged by …"), False),
        (Finding("its license", None, "for research"), False),
        (Finding("second factors of staff", None, "vera@desk.example set up none"), True),
    ],
)
def test_what_has_to_be_settled_before_customers_come(finding: Finding, is_open: bool) -> None:
    assert is_placeholder(finding) is is_open
