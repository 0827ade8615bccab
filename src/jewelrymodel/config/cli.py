"""The command line ``jewelrymodel``; each command lives in a module of its own.

Exit statuses: 0 done; 1 it could not be done, and one sentence says why and how to mend it;
2 the command or a setting can't be understood.
"""

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from jewelrymodel.config import command_arguments, cycle_search, money_arguments

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
    command_arguments.add_mail(command("mail", _mail, "read or take in mail, and test it"))
    command_arguments.add_sandbox(
        command("sandbox", _sandbox, "run the payment processor's stand-in by itself")
    )
    prepare = command("prepare", _prepare, "migrate the database, collect static files")
    prepare.add_argument(
        "--forget-second-factors",
        action="store_true",
        help="remove those that no key opens any more: their owners sign in by password",
    )
    doctor = command("doctor", _doctor, "say what is wrong here and how to mend it")
    doctor.add_argument("--payments", action="store_true", help="only the payment processor")
    command_arguments.add_backup(
        command("backup", _backup, "make a backup while the service runs, or prove one")
    )
    restore = command("restore", _restore, "bring a backup back into an empty place")
    command_arguments.add_passphrase(restore)
    restore.add_argument("backup", metavar="BACKUP", type=Path, help="one that is whole")
    check = command("check", _check, "say what keeps it from being offered to customers")
    check.add_argument("--deploy", action="store_true", required=True, help="every placeholder")
    command_arguments.add_staff(command("staff", _staff, "say who works at the desk, and as what"))
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
    command_arguments.add_policy(
        command("policy", _policy, "check the refund policy, and decide by it")
    )
    command_arguments.add_legal(
        command("legal", _legal, "check and publish terms, privacy, imprint, contact")
    )
    examples = command(
        "damage-examples", _damage_examples, "write confirmed damage whose sellers consented"
    )
    examples.add_argument("folder", metavar="FOLDER", help="brought up to date, consents included")
    command_arguments.add_contract_check(
        command("contract-check", _contract_check, "compare a generator with our stand-in for it")
    )
    command_arguments.add_provenance(
        command("provenance", _provenance, "say what a picture's file claims, and if it is ours")
    )
    command_arguments.add_render(
        command("render", _render, "make one image of a photo, without the service")
    )
    command_arguments.add_demo(command("demo", _demo, "load the demo world or take it away"))
    command("manage", _manage, "Django's own commands: jewelrymodel manage migrate …")
    return top


_ABOUT = "Photos of jewelry in, images worn by a model out. Settings come from the environment."
_EXITS = "Exit status: 0 done, 1 could not be done (the message says how to mend it), 2 misuse."


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
    command = _with_django("prepare", as_owner=True)
    roles = import_module("jewelrymodel.config.database_roles")
    with _data_folder().database_running(create=True), roles.as_owner():
        roles.require_same()
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
    command = _with_django("demo", as_owner=True)
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


def _with_django(name: str, *, as_owner: bool = False) -> Any:
    import_module("jewelrymodel.config.settings")  # what it refuses needs nothing of Django
    import django

    django.setup()
    if as_owner:
        import_module("jewelrymodel.config.database_roles").use_owner()
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
