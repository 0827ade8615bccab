"""``jewelrymodel policy publish``: check an edition, show what it changes, then publish it."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from jewelrymodel.catalog import edition_files, operations, terms
from jewelrymodel.config import data_folder
from jewelrymodel.config.commands import machine_user
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy import edition_diff, edition_publication, editions_in_force
from jewelrymodel.policy.edition_reader import Edition


class NotConfirmed(Exception):
    """Nobody confirmed that the edition is to be published."""

    def __init__(self) -> None:
        super().__init__("Nothing was published. Repeat the command with --yes to publish it.")


def run(options: argparse.Namespace) -> int:
    """Publish the edition in a file; raises EditionRefused, NotConfirmed and NotSetUp."""
    edition = edition_files.read(Path(options.file))
    print(proven(edition))
    with data_folder.database_running():
        data_folder.require_prepared()
        known = terms.published()
        edition_publication.refuse_unfit(edition, known)
        if any(one.date == edition.date for one in known):
            _publish(edition)  # its text may have been missing
            print("It is published already.")
            return 0
        if known:
            edition_publication.refuse_backdated(edition, now=clock.now())
        for line in _changes(edition):
            print(line)
        if not (options.yes or _confirmed(edition)):
            raise NotConfirmed
        _publish(edition)
    print(f"Published. Customers can read it now; it governs from {edition.effective_from} (UTC).")
    return 0


def proven(edition: Edition) -> str:
    """Return what was checked of an edition that could be read, in a line."""
    rules, examples = len(edition.rules), len(edition.examples)
    return f"{edition.date}: {rules} rules, {examples} examples hold, no conflict"


def _publish(edition: Edition) -> None:
    operations.publish_edition(
        edition=edition, actor=Actor.system("policy"), actor_label=machine_user(), now=clock.now()
    )


def _changes(edition: Edition) -> Iterator[str]:
    """What differs from the edition that is in force until this one is, line by line."""
    try:
        older = editions_in_force.in_force(terms.editions(), edition.starts_at)
    except editions_in_force.NoEdition:
        yield "No edition was published before it."
        return
    yield f"What changes on {edition.effective_from}, when it follows the edition of {older.date}:"
    words = edition_diff.compare(older, edition)
    numbers = edition_diff.compare_parameters(older, edition)
    for one in words:
        yield f"\n{one.clause} ({one.kind})"
        if one.before != one.after:
            yield from (f"  {sign} {text}" for sign, text in _texts(one) if text)
        yield from (f"  {effect}" for effect in one.effect)
    for number in numbers:
        yield f"\n{number.meaning}\n  {number.before} -> {number.after} {number.unit}"
    if not (words or numbers):
        yield "nothing: no word, number or rule of a clause."


def _texts(one: edition_diff.Change) -> tuple[tuple[str, str], ...]:
    return ("-", one.before), ("+", one.after)


def _confirmed(edition: Edition) -> bool:
    """Only who sits there can say yes; a script says --yes."""
    if not sys.stdin.isatty():
        return False
    return input(f"\nPublish the edition of {edition.date}? [y/N] ").strip().lower() in ("y", "yes")
