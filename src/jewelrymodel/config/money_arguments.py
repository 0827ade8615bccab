"""The arguments of the commands about books and money."""

import argparse
from datetime import date
from pathlib import Path


def add_ledger(command: argparse.ArgumentParser) -> None:
    """Add what ``jewelrymodel ledger`` takes."""
    command.add_argument("what", choices=["verify"], help="prove that every balance adds up")
    command.add_argument(
        "--newest", action="store_true", help="only what came since they were last found right"
    )


def add_proof(command: argparse.ArgumentParser) -> None:
    """Add what ``jewelrymodel proof`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    doing.add_parser("make", help="attest now what the next night would")
    verify = doing.add_parser("verify", help="prove a file of the Credits page, offline")
    verify.add_argument("file", metavar="FILE")
    verify.add_argument("--earlier", metavar="FILE", help="nothing in it may have changed since")
    verify.add_argument("--published", metavar="FILE", help="the list from the status page")
    verify.add_argument("--key", metavar="KEY", help="the key that stands on the status page")


def add_reconcile(command: argparse.ArgumentParser) -> None:
    """Add what ``jewelrymodel reconcile`` takes."""
    _add_window(command)


def _add_window(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--since", metavar="DAY", type=date.fromisoformat, help="as 2026-11-30; else 30 days ago"
    )
    command.add_argument(
        "--before", metavar="DAY", type=date.fromisoformat, help="up to this day (UTC); else now"
    )
    command.add_argument("--csv", metavar="FILE", type=Path, help="else to the terminal")


def add_payments(command: argparse.ArgumentParser) -> None:
    """Add what ``jewelrymodel payments`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    doing.add_parser("check", help="key, mode, rights, endpoint, events, version")
    doing.add_parser("endpoint", help="make what tells us of events, or mend it")
    words = "every invoice and credit note with its tax, as CSV"
    _add_window(doing.add_parser("documents", help=words))
    doing.add_parser("credit-notes", help="issue those that refunds of before have none of")
