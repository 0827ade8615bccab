"""``jewelrymodel ledger verify``: do the books follow from what happened?"""

from jewelrymodel.ledger import queries


def verify() -> int:
    """Print what disagrees, row by row; return 1 when anything does, else 0."""
    disagreements = queries.verify()
    for disagreement in disagreements:
        print(disagreement)
    if disagreements:
        print(f"{len(disagreements)} disagreements; nothing was changed.")
        return 1
    print("The books agree with their transfers and hold lines.")
    return 0
