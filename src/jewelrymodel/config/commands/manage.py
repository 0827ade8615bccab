"""``jewelrymodel manage …``: Django's own command line, with the database at hand."""

from django.core.management import execute_from_command_line

from jewelrymodel.config import data_folder, database_roles, live_service

_NEED_NO_DATABASE = {"help", "version", "makemessages", "compilemessages", "collectstatic"}


def run(arguments: list[str]) -> int:
    """Hand *arguments* to Django; its own exits pass through.

    ``check --deploy`` also refuses what real service lacks.
    """
    live_service.register_checks()
    command = ["jewelrymodel manage", *arguments]
    if not arguments or _NEED_NO_DATABASE & {arguments[0]} or "--help" in arguments:
        execute_from_command_line(command)
        return 0
    if arguments[0] in database_roles.OWNERS_COMMANDS:
        database_roles.use_owner()
    with data_folder.database_running(create=True):
        if arguments[0] in database_roles.MAKE_TABLES:
            database_roles.require_same()
        execute_from_command_line(command)
        if arguments[0] in database_roles.MAKE_TABLES:
            for line in database_roles.grant():
                print(line)
    return 0
