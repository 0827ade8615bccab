"""What the commands of ``jewelrymodel`` take: their arguments and the words that explain them."""

import argparse
from datetime import date
from pathlib import Path


def add_mail(command: argparse.ArgumentParser) -> None:
    """Add what ``mail`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT")
    doing.add_parser("fetch", help="read the mailbox MAIL_IN_HOST until stopped")
    doing.add_parser("listen", help="take what a mail server hands over at MAIL_IN_LISTEN")
    again = doing.add_parser("again", help="after a restore: take in anew what isn't here")
    again.add_argument("--since", required=True, type=date.fromisoformat, metavar="DATE")
    test = doing.add_parser("test", help="send a mail; to support's address: see it come in")
    test.add_argument("address", metavar="ADDRESS")
    test.add_argument("--wait", type=int, default=120, metavar="SECONDS")


def add_sandbox(command: argparse.ArgumentParser) -> None:
    """Add what ``sandbox`` takes."""
    command.add_argument("--port", type=int, default=8310, metavar="PORT", help="8310 by default")
    command.add_argument("--db", metavar="FILE", default="sandbox.sqlite3", help="what it keeps")
    command.add_argument("--webhook-url", metavar="URL", default="", help="who hears of events")
    command.add_argument("--webhook-secret", metavar="SECRET", default="whsec_sandbox")


def add_backup(command: argparse.ArgumentParser) -> None:
    """Add what ``backup`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    create = doing.add_parser("create", help="write a whole one, named after its time")
    create.add_argument("folder", metavar="FOLDER", type=Path, help="where backups are kept")
    create.add_argument("--keep", type=int, default=0, metavar="N", help="remove all but N")
    verify = doing.add_parser("verify", help="read every byte of one")
    verify.add_argument("backup", metavar="BACKUP", type=Path)
    for one in (create, verify):
        add_passphrase(one)
    listing = doing.add_parser("list", help="name the whole ones, newest first")
    listing.add_argument("folder", metavar="FOLDER", type=Path)


def add_passphrase(command: argparse.ArgumentParser) -> None:
    """Add what ``passphrase`` takes."""
    command.add_argument(
        "--passphrase-file", metavar="FILE", help="else BACKUP_PASSPHRASE_FILE, else it is asked"
    )


def add_staff(command: argparse.ArgumentParser) -> None:
    """Add what ``staff`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    add = doing.add_parser("add", help="let somebody in, or give them another role")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", required=True, choices=["agent", "operator"])
    add.add_argument("--name", default="", help="what colleagues and customers read")
    end = doing.add_parser("end", help="end somebody's right and sign them out")
    end.add_argument("email", metavar="EMAIL")
    end.add_argument("--force", action="store_true", help="also the last operator")
    out = doing.add_parser("sign-out", help="sign somebody out everywhere, staff or customer")
    whom = out.add_mutually_exclusive_group(required=True)
    whom.add_argument("email", metavar="EMAIL", nargs="?")
    whom.add_argument("--everybody", action="store_true", help="all people of this service")
    doing.add_parser("list", help="everybody who works or worked here")


def add_policy(command: argparse.ArgumentParser) -> None:
    """Add what ``policy`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    check = doing.add_parser("check", help="prove every edition: rules, examples, conflicts")
    check.add_argument("files", nargs="*", metavar="FILE", help="only these files")
    publish = doing.add_parser("publish", help="check an edition, show what changes, publish it")
    publish.add_argument("file", metavar="FILE", help="named after its date: 2026-12-01.md")
    publish.add_argument("--yes", action="store_true", help="publish without asking")
    doing.add_parser("coverage", help="each clause, and the rules that carry it out")
    schema = doing.add_parser("schema", help="the facts that a rule may read")
    decide = doing.add_parser("decide", help="decide on facts, without any record")
    decide.add_argument("--facts", required=True, metavar="FILE", help="JSON: names and values")
    decide.add_argument("--as-of", metavar="DATE", help="under the edition of that day")
    verify = doing.add_parser("verify", help="prove a decision or a promise that was kept")
    verify.add_argument("file", metavar="FILE", help="as its page hands it out")
    verify.add_argument("--sha256", metavar="DIGEST", help="the one that stands on that page")
    verify.add_argument("--editions", metavar="FOLDER", help="the policy's texts, <date>.md")
    verify.add_argument("--promise", metavar="FILE", help="prove that it isn't worse than that")
    verify.add_argument("--key", metavar="KEY", help="the one that the promise is signed by")
    for one in (schema, decide):
        one.add_argument("--json", action="store_true", help="all of it, as JSON")


def add_legal(command: argparse.ArgumentParser) -> None:
    """Add what ``legal`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    doing.add_parser("check", help="read every file of a text, and say what is wrong with it")
    publish = doing.add_parser("publish", help="show what an edition changes, and publish it")
    publish.add_argument("document", choices=["terms", "privacy", "imprint", "contact"])
    publish.add_argument("file", metavar="FILE", help="named after its date: 2026-12-01.md")
    publish.add_argument("--yes", action="store_true", help="publish without asking")


def add_demo(command: argparse.ArgumentParser) -> None:
    """Add what ``demo`` takes."""
    command.add_argument("what", choices=["load", "reset"], help="reset: the next start loads anew")


def add_contract_check(command: argparse.ArgumentParser) -> None:
    """Add what ``contract-check`` takes."""
    command.add_argument("--provider", required=True, help="openai, gemini, bfl, fal, comfyui")
    command.add_argument("--yes", action="store_true", help="spend what it costs without asking")
    command.add_argument("-o", "--output", metavar="FILE", default="contract-check.json")


def add_provenance(command: argparse.ArgumentParser) -> None:
    """Add what ``provenance`` takes."""
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    verify = doing.add_parser("verify", help="what the file says, and which image of ours it is")
    verify.add_argument("file", metavar="FILE")
    verify.add_argument("--offline", action="store_true", help="don't look into our records")
    doing.add_parser("index", help="let images of before be found again by how they look")


def add_render(command: argparse.ArgumentParser) -> None:
    """Add what ``render`` takes."""
    command.add_argument("photo", metavar="PHOTO")
    command.add_argument("--kind", required=True, help="pendant, necklace, ring, earring, bracelet")
    command.add_argument("--look", required=True, help="the look's name; a wrong one lists them")
    command.add_argument("--size-mm", type=float, help="the piece's longest side in millimeters")
    command.add_argument("--corrections", metavar="FILE", help="JSON: see docs/generation.md")
    command.add_argument("-o", "--output", metavar="OUT", required=True, help=".png, .jpg or .webp")
