"""The tax that refunds take back: never more than there is, and all of it in the end."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.payments.rules.credited_tax import Share, credited_tax


@dataclass
class Invoice:
    """One with its lines of tax, and the parts of it that were taken back and stand."""

    total_minor: int
    lines: list[int]
    parts: list[tuple[int, Share]] = field(default_factory=list)

    @property
    def left_minor(self) -> int:
        return self.total_minor - sum(amount for amount, _ in self.parts)

    def take(self, amount: int) -> Share:
        taken = [
            sum(share.lines_minor[n] for _, share in self.parts) for n in range(len(self.lines))
        ]
        share = credited_tax(
            amount_minor=amount,
            total_minor=self.total_minor,
            credited_minor=self.total_minor - self.left_minor,
            tax_minor=sum(self.lines),
            credited_tax_minor=sum(share.tax_minor for _, share in self.parts),
            left_by_line=[line - gone for line, gone in zip(self.lines, taken, strict=True)],
        )
        self.parts.append((amount, share))
        return share

    def check(self) -> None:
        for amount, share in self.parts:
            assert 0 <= share.tax_minor <= amount
            assert sum(share.lines_minor) == share.tax_minor
            assert all(one >= 0 for one in share.lines_minor)
        for number, line in enumerate(self.lines):
            assert sum(share.lines_minor[number] for _, share in self.parts) <= line


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    lines = draw(st.lists(st.integers(0, 3_000), min_size=1, max_size=4))
    return Invoice(sum(lines) + draw(st.integers(1, 20_000)), lines)


@given(invoices(), st.data())
def test_parts_add_up_to_the_whole_by_every_line(invoice: Invoice, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 8))):
        if invoice.left_minor:
            invoice.take(data.draw(st.integers(1, invoice.left_minor)))
    if invoice.left_minor:
        invoice.take(invoice.left_minor)
    invoice.check()
    for number, line in enumerate(invoice.lines):
        assert sum(share.lines_minor[number] for _, share in invoice.parts) == line


@given(invoices(), st.data())
def test_what_was_voided_can_be_taken_back_again(invoice: Invoice, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 8))):
        if invoice.parts and data.draw(st.booleans()):
            invoice.parts.pop(data.draw(st.integers(0, len(invoice.parts) - 1)))
        elif invoice.left_minor:
            invoice.take(data.draw(st.integers(1, invoice.left_minor)))
        invoice.check()


def test_a_part_takes_its_share_and_the_last_one_the_rest() -> None:
    invoice = Invoice(2380, [380])
    assert [invoice.take(one).tax_minor for one in (793, 793, 794)] == [126, 127, 127]
