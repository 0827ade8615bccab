"""The command line ``jewelrymodel``; each command lives in a module of its own.

Exit statuses: 0 done; 1 it could not be done, and one sentence says why and how to mend it;
2 the command or a setting can't be understood.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from jewelrymodel.config import cycle_search, money_arguments

Handler = Callable[[argparse.Namespace], int]


def main() -> None:
    """Run one command and leave with its exit status."""
    cycle_search.pause()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")
    if not {"web", "worker", "mail"} & set(sys.argv[1:2]) or {"test", "again"} & set(sys.argv[2:3]):
        os.environ.setdefault("LOG_LEVEL", "WARNING")  # people read these commands' words
    from jewelrymodel.config.environment_variables import BadSetting

    try:
        if sys.argv[1:2] == ["manage"]:
            sys.exit(_command("manage").run(sys.argv[2:]))
        options = parser().parse_args()
        status = options.handler(options)
    except BadSetting as error:
        _complain(error)
        status = 2
    except Exception as error:
        if not _is_ours(error):
            raise
        _complain(error)
        status = 1
    sys.exit(status)


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command, each with its handler."""
    top = argparse.ArgumentParser(prog="jewelrymodel", epilog=_EXITS, description=_ABOUT)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, handler: Handler, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about, epilog=_EXITS)
        made.set_defaults(handler=handler)
        return made

    up = command("up", _up, "run the whole service: database, sandbox, web, worker")
    up.add_argument("--no-demo", action="store_true", help="no demo world, no stand-ins")
    up.add_argument("--empty", action="store_true", help="the demo without its world")
    up.add_argument("--verbose", action="store_true", help="show what every part logs")
    command("web", _web, "serve the pages only")
    worker = command("worker", _worker, "do deferred work only")
    worker.add_argument("--queue", action="append", help="only this queue (may be repeated)")
    _add_mail(command("mail", _mail, "read or take in mail, and test it"))
    _add_sandbox(command("sandbox", _sandbox, "run the payment processor's stand-in by itself"))
    prepare = command("prepare", _prepare, "migrate the database, collect static files")
    prepare.add_argument(
        "--forget-second-factors",
        action="store_true",
        help="remove those that no key opens any more: their owners sign in by password",
    )
    doctor = command("doctor", _doctor, "say what is wrong here and how to mend it")
    doctor.add_argument("--payments", action="store_true", help="only the payment processor")
    _add_backup(command("backup", _backup, "make a backup while the service runs, or prove one"))
    restore = command("restore", _restore, "bring a backup back into an empty place")
    _add_passphrase(restore)
    restore.add_argument("backup", metavar="BACKUP", type=Path, help="one that is whole")
    check = command("check", _check, "say what keeps it from being offered to customers")
    check.add_argument("--deploy", action="store_true", required=True, help="every placeholder")
    _add_staff(command("staff", _staff, "say who works at the desk, and as what"))
    money_arguments.add_ledger(command("ledger", _ledger, "look into the credit ledger"))
    money_arguments.add_proof(
        command("proof", _proof, "prove that an account's credits are counted")
    )
    money_arguments.add_reconcile(
        command("reconcile", _reconcile, "compare our books with the payment processor's")
    )
    money_arguments.add_payments(
        command("payments", _payments, "look at our account at the payment processor, set it up")
    )
    _add_policy(command("policy", _policy, "check the refund policy, and decide by it"))
    _add_legal(command("legal", _legal, "check and publish terms, privacy, imprint, contact"))
    examples = command(
        "damage-examples", _damage_examples, "write confirmed damage whose sellers consented"
    )
    examples.add_argument("folder", metavar="FOLDER", help="brought up to date, consents included")
    _add_contract_check(
        command("contract-check", _contract_check, "compare a generator with our stand-in for it")
    )
    _add_provenance(
        command("provenance", _provenance, "say what a picture's file claims, and if it is ours")
    )
    _add_render(command("render", _render, "make one image of a photo, without the service"))
    _add_demo(command("demo", _demo, "load the demo world or take it away"))
    command("manage", _manage, "Django's own commands: jewelrymodel manage migrate …")
    return top


_ABOUT = "Photos of jewelry in, images worn by a model out. Settings come from the environment."
_EXITS = "Exit status: 0 done, 1 could not be done (the message says how to mend it), 2 misuse."


def _add_mail(command: argparse.ArgumentParser) -> None:
    doing = command.add_subparsers(dest="what", metavar="WHAT")
    doing.add_parser("fetch", help="read the mailbox MAIL_IN_HOST until stopped")
    doing.add_parser("listen", help="take what a mail server hands over at MAIL_IN_LISTEN")
    again = doing.add_parser("again", help="after a restore: take in anew what isn't here")
    again.add_argument("--since", required=True, type=date.fromisoformat, metavar="DATE")
    test = doing.add_parser("test", help="send a mail; to support's address: see it come in")
    test.add_argument("address", metavar="ADDRESS")
    test.add_argument("--wait", type=int, default=120, metavar="SECONDS")


def _add_sandbox(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=int, default=8310, metavar="PORT", help="8310 by default")
    command.add_argument("--db", metavar="FILE", default="sandbox.sqlite3", help="what it keeps")
    command.add_argument("--webhook-url", metavar="URL", default="", help="who hears of events")
    command.add_argument("--webhook-secret", metavar="SECRET", default="whsec_sandbox")


def _add_backup(command: argparse.ArgumentParser) -> None:
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    create = doing.add_parser("create", help="write a whole one, named after its time")
    create.add_argument("folder", metavar="FOLDER", type=Path, help="where backups are kept")
    create.add_argument("--keep", type=int, default=0, metavar="N", help="remove all but N")
    verify = doing.add_parser("verify", help="read every byte of one")
    verify.add_argument("backup", metavar="BACKUP", type=Path)
    for one in (create, verify):
        _add_passphrase(one)
    listing = doing.add_parser("list", help="name the whole ones, newest first")
    listing.add_argument("folder", metavar="FOLDER", type=Path)


def _add_passphrase(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--passphrase-file", metavar="FILE", help="else BACKUP_PASSPHRASE_FILE, else it is asked"
    )


def _add_staff(command: argparse.ArgumentParser) -> None:
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


def _add_policy(command: argparse.ArgumentParser) -> None:
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


def _add_legal(command: argparse.ArgumentParser) -> None:
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    doing.add_parser("check", help="read every file of a text, and say what is wrong with it")
    publish = doing.add_parser("publish", help="show what an edition changes, and publish it")
    publish.add_argument("document", choices=["terms", "privacy", "imprint", "contact"])
    publish.add_argument("file", metavar="FILE", help="named after its date: 2026-12-01.md")
    publish.add_argument("--yes", action="store_true", help="publish without asking")


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=["load", "reset"], help="reset: the next start loads anew")


def _add_contract_check(command: argparse.ArgumentParser) -> None:
    command.add_argument("--provider", required=True, help="openai, gemini, bfl, fal, comfyui")
    command.add_argument("--yes", action="store_true", help="spend what it costs without asking")
    command.add_argument("-o", "--output", metavar="FILE", default="contract-check.json")


def _add_provenance(command: argparse.ArgumentParser) -> None:
    doing = command.add_subparsers(dest="what", metavar="WHAT", required=True)
    verify = doing.add_parser("verify", help="what the file says, and which image of ours it is")
    verify.add_argument("file", metavar="FILE")
    verify.add_argument("--offline", action="store_true", help="don't look into our records")
    doing.add_parser("index", help="let images of before be found again by how they look")


def _add_render(command: argparse.ArgumentParser) -> None:
    command.add_argument("photo", metavar="PHOTO")
    command.add_argument("--kind", required=True, help="pendant, necklace, ring, earring, bracelet")
    command.add_argument("--look", required=True, help="the look's name; a wrong one lists them")
    command.add_argument("--size-mm", type=float, help="the piece's longest side in millimeters")
    command.add_argument("--corrections", metavar="FILE", help="JSON: see docs/generation.md")
    command.add_argument("-o", "--output", metavar="OUT", required=True, help=".png, .jpg or .webp")


def _up(options: argparse.Namespace) -> int:
    if options.verbose:
        os.environ["LOG_LEVEL"] = "INFO"
    if options.no_demo:
        os.environ["DEMO"] = "0"
    if options.empty:
        os.environ["DEMO_WORLD"] = "0"
    return int(_command("up").run())


def _web(options: argparse.Namespace) -> int:
    from jewelrymodel.config.server import serve

    import_module("jewelrymodel.config.settings")  # what it refuses is said here, in one sentence
    serve("web")
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    return int(_command("sandbox").run(options))


def _worker(options: argparse.Namespace) -> int:
    return int(_with_django("worker").run(options.queue))


def _mail(options: argparse.Namespace) -> int:
    command = _with_django("mail")
    if options.what == "test":
        with _data_folder().database_running():
            _data_folder().require_prepared()
            return int(command.test(options.address, options.wait))
    if options.what == "again":
        return int(command.again(options.since))
    does = {"fetch": command.fetch, "listen": command.listen, None: command.demo}
    return int(does[options.what]())


def _prepare(options: argparse.Namespace) -> int:
    command = _with_django("prepare")
    with _data_folder().database_running(create=True):
        return int(command.run(forget_second_factors=options.forget_second_factors))


def _doctor(options: argparse.Namespace) -> int:
    if options.payments:
        return int(_with_django("payments").check())
    return int(_command("doctor").run())


def _reconcile(options: argparse.Namespace) -> int:
    command = _with_django("reconcile")
    with _data_folder().database_running():
        _data_folder().require_prepared()
        return int(command.run(options))


def _payments(options: argparse.Namespace) -> int:
    return int(_with_django("payments").run(options))


def _backup(options: argparse.Namespace) -> int:
    if options.what != "create":
        kept = _command("kept_backups")
        return int(kept.verify(options) if options.what == "verify" else kept.list_whole(options))
    words = import_module("jewelrymodel.config.backups.passphrase").passphrase(
        options.passphrase_file, is_new=True
    )
    command = _with_django("backup")
    with _data_folder().database_running():
        _data_folder().require_prepared()
        return int(command.create(options, words=words))


def _restore(options: argparse.Namespace) -> int:
    return int(_command("restore").run(options))


def _check(options: argparse.Namespace) -> int:
    return int(_command("check").run())


def _ledger(options: argparse.Namespace) -> int:
    command = _with_django("ledger")
    with _data_folder().database_running():
        _data_folder().require_prepared()
        return int(command.verify(newest=options.newest))


def _proof(options: argparse.Namespace) -> int:
    if options.what == "verify":
        return int(_command("proof").verify(options))
    command = _with_django("proof")
    with _data_folder().database_running():
        _data_folder().require_prepared()
        return int(command.make())


def _damage_examples(options: argparse.Namespace) -> int:
    command = _with_django("damage_examples")
    with _data_folder().database_running():
        _data_folder().require_prepared()
        return int(command.run(options.folder))


def _staff(options: argparse.Namespace) -> int:
    command = _with_django("staff")
    with _data_folder().database_running():
        _data_folder().require_prepared()
        return int(command.run(options))


def _render(options: argparse.Namespace) -> int:
    return int(_with_django("render").run(options))


def _contract_check(options: argparse.Namespace) -> int:
    command = _with_django("contract_check")
    return int(command.run(options.provider, yes=options.yes, output=options.output))


def _provenance(options: argparse.Namespace) -> int:
    command = _with_django("provenance")
    data = command.read(options.file) if options.what == "verify" else b""
    says = bool(data) and command.say_label(options.file, data)
    if data and options.offline:
        return 0 if says else 1
    with _data_folder().database_running():
        _data_folder().require_prepared()
        if not data:
            return int(command.index())
        return 0 if command.say_record(options.file, data) or says else 1


def _policy(options: argparse.Namespace) -> int:
    return int(_with_django("policy").run(options))


def _legal(options: argparse.Namespace) -> int:
    return int(_with_django("legal").run(options))


def _demo(options: argparse.Namespace) -> int:
    command = _with_django("demo")
    if options.what == "reset":
        return int(command.reset())
    with _data_folder().database_running():
        return int(command.load())


def _manage(options: argparse.Namespace) -> int:
    return int(_command("manage").run([]))


def _command(name: str) -> Any:
    command = import_module(f"jewelrymodel.config.commands.{name}")
    cycle_search.resume()
    return command


def _with_django(name: str) -> Any:
    import_module("jewelrymodel.config.settings")  # what it refuses needs nothing of Django
    import django

    django.setup()
    return _command(name)


def _data_folder() -> Any:
    return import_module("jewelrymodel.config.data_folder")


def _is_ours(error: Exception) -> bool:
    """Whether *error* is one that we raise with a sentence for people."""
    from django.core.management import CommandError
    from django.db import OperationalError

    return type(error).__module__.startswith("jewelrymodel.") or isinstance(
        error, CommandError | OperationalError
    )


def _complain(error: Exception) -> None:
    from jewelrymodel.config.error_sentences import sentence

    print(f"jewelrymodel: {sentence(error)}", file=sys.stderr)


if __name__ == "__main__":
    main()
