"""How much of an invoice's tax a refund takes back."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """The tax in a refund, and how it is split over the invoice's lines, in minor units."""

    tax_minor: int
    lines_minor: tuple[int, ...]


def credited_tax(
    *,
    amount_minor: int,
    total_minor: int,
    credited_minor: int,
    tax_minor: int,
    credited_tax_minor: int,
    left_by_line: Sequence[int],
) -> Share:
    """Return the tax in *amount_minor* of an invoice of *total_minor* with *tax_minor* in it, of
    which *credited_minor* with *credited_tax_minor* was taken back before.

    ⌊tax × credited ÷ total⌋ after it, less what it was before it: so the last part takes the rest,
    and the parts add up to the whole. Each line gives by what is left of it (*left_by_line*, empty
    where the invoice has no lines), the last one the rest.
    """
    after = tax_minor * (credited_minor + amount_minor) // total_minor
    share = max(0, min(after - credited_tax_minor, amount_minor, tax_minor - credited_tax_minor))
    left = sum(left_by_line)
    given, lines, so_far = 0, [], 0
    for one in left_by_line:
        so_far += one
        upto = share * so_far // left if left else 0
        lines.append(upto - given)
        given = upto
    return Share(share, tuple(lines))
