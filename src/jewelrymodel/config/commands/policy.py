"""``jewelrymodel policy``: check and publish editions, decide by them, prove what was decided."""

import argparse
import json
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from jewelrymodel.catalog import edition_files, law, terms
from jewelrymodel.config import data_folder
from jewelrymodel.config.commands import publish_edition
from jewelrymodel.infra import clock
from jewelrymodel.policy import edition_proof
from jewelrymodel.policy.clauses import CLAUSES
from jewelrymodel.policy.decision import Decision, digest, to_json
from jewelrymodel.policy.decision_proof import prove
from jewelrymodel.policy.edition_reader import Edition, EditionRefused, load_editions
from jewelrymodel.policy.editions_in_force import in_force
from jewelrymodel.policy.explanation import describe
from jewelrymodel.policy.facts import SCHEMA, Fact
from jewelrymodel.policy.promise_proof import (
    ProvenPromise,
    is_promise_file,
    prove_promise,
    require_kept,
)
from jewelrymodel.policy.rule_evaluation import decide as decide_by


class FactsUnreadable(ValueError):
    """The facts can't be read; give a JSON object of fact names and values."""


class NotThere(ValueError):
    """A file or folder that was named can't be read. The message names it."""


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; raises errors of ours, each with a sentence for people."""
    actions = {
        "check": _check,
        "publish": publish_edition.run,
        "schema": _schema,
        "decide": _decide,
        "verify": _verify,
        "coverage": _coverage,
    }
    return actions[options.what](options)


def _check(options: argparse.Namespace) -> int:
    """Exit status 1 where a file can't be used; each is said with line and mend."""
    refused = 0
    for path in [Path(one) for one in options.files] or edition_files.paths():
        try:
            print(publish_edition.proven(edition_files.read(path)))
        except EditionRefused as refusal:
            refused += 1
            print(refusal)
    return 1 if refused else 0


def _schema(options: argparse.Namespace) -> int:
    rows = [
        {"name": one.name, "type": one.type, "values": list(one.values), "meaning": one.meaning}
        for one in SCHEMA.values()
    ]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            values = f" ({', '.join(row['values'])})" if row["values"] else ""
            print(f"{row['name']:38} {row['type']:9} {row['meaning']}{values}")
    return 0


def _decide(options: argparse.Namespace) -> int:
    at = _instant(options.as_of)
    facts = _facts(options.facts, at)
    decision = decide_by(facts, _editions(), purchased_at=at, requested_at=at, laws=law.laws())
    if options.json:
        print(json.dumps({**to_json(decision), "sha256": digest(decision)}, indent=2))
    else:
        _print_decision(decision)
    return 0


def _verify(options: argparse.Namespace) -> int:
    """What isn't proven is raised, and said in one sentence."""
    try:
        content = Path(options.file).read_bytes()
        promise = Path(options.promise).read_bytes() if options.promise else b""
        editions = _editions(options.editions)
    except OSError as error:
        raise NotThere(f"This can't be read: {error}") from None
    key = options.key or ""
    if is_promise_file(content):
        _say_promise(prove_promise(content, editions, public_key=key), key)
        return 0
    proof = prove(content, editions, laws=law.laws(), sha256=options.sha256 or "")
    if promise:
        proven = prove_promise(promise, editions, public_key=key)
        require_kept(proof.decision, proven, editions)
        _say_promise(proven, key)
        print("The decision is not worse than the promise.")
    by = proof.decision.editions[0].date
    print(f"Proven: the edition of {by} decides the same from its facts.")
    print(f"SHA-256 {proof.sha256}{'' if options.sha256 else ', to be compared with its page'}")
    return 0


def _say_promise(proven: ProvenPromise, key: str) -> None:
    """What is proven of a promise: to whom, when, and each line."""
    promise = proven.promise
    whom = promise.account_id or "every account"
    print(f"Proven: promised to {whom} for {promise.subject}, {promise.made_at}.")
    for line in promise.lines:
        given = [describe(one) for one in line.remedies] or ["Nothing comes back by the rules."]
        tax = " Any tax paid on it as well." if line.is_before_tax and line.amount_minor else ""
        print(f"  {line.situation} (clause {line.clause}): {' '.join(given)}{tax}")
    if not key:
        print(f"Signed by {proven.signed.public_key}, to be compared with the status page.")


def _editions(folder: str | None = None) -> tuple[Edition, ...]:
    """Those in *folder*, else those published here; without an installation, the shipped ones."""
    if folder:
        return load_editions(Path(folder), terms.names())
    try:
        with data_folder.database_running():
            data_folder.require_prepared()
            return terms.editions()
    except data_folder.NotSetUp:
        print("Nothing is set up here: by the editions that are shipped.", file=sys.stderr)
        return load_editions(edition_files.shipped_folder(), terms.names())


def _coverage(options: argparse.Namespace) -> int:
    """Exit status 1 where a rule isn't shown in both directions."""
    edition = in_force(_editions(), clock.real_now())
    unproven = set(edition_proof.rules_unproven(edition))
    reasons = {clause: none.reason for none in edition.without_rule for clause in none.clauses}
    for clause in CLAUSES:
        rules = [rule.id for rule in edition.rules if rule.clause == clause]
        proofs = ", ".join(
            f"{one}{' (one direction only)' if one in unproven else ''}" for one in rules
        )
        print(f"{clause:5} {proofs or 'no rule: ' + reasons[clause]}")
    return 1 if unproven else 0


def _instant(day: str | None) -> datetime:
    if day is None:
        return clock.real_now()
    try:
        return datetime.combine(datetime.fromisoformat(day), time(12), tzinfo=UTC)
    except ValueError:
        raise FactsUnreadable(f"{day!r} is no date; write it like 2026-05-14") from None


def _facts(path: str, at: datetime) -> dict[str, Fact]:
    """Plain values, or objects with value, record, fetched_at and sha256."""
    try:
        rows: Any = json.loads(Path(path).read_text("utf-8"))
        return {name: _fact(row, at) for name, row in rows.items()}
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise FactsUnreadable(f"{path} can't be read as facts: {error}") from None


def _fact(row: Any, at: datetime) -> Fact:
    if not isinstance(row, dict):
        return Fact(row, "given", at)
    fetched_at = datetime.fromisoformat(row["fetched_at"]) if "fetched_at" in row else at
    return Fact(row["value"], row.get("record", "given"), fetched_at, row.get("sha256", ""))


def _print_decision(decision: Decision) -> None:
    draft = f" (drafted: {decision.draft})" if decision.draft != "none" else ""
    print(f"{decision.outcome}{draft}; cites {', '.join(decision.cites)}\n")
    print(decision.customer_text)
    for one in decision.why_not:
        reason = f"missing {', '.join(one.missing)}" if one.missing else one.condition
        print(f"not {one.rule_id}: {reason}")
