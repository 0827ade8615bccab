"""The commands of ``jewelrymodel``, one module each; ``config.cli`` lists them."""

import getpass
import os

from jewelrymodel.kernel.actors import Actor

DEMO_WANTED = "preparing: the demo world isn't loaded yet"
"""The line by which ``prepare`` asks ``up`` for ``demo load``, which needs the stand-ins up."""

SIGN_IN = "sign in: "
"""How a line begins that ``up`` keeps for its greeting."""

SHELL = Actor.system("command-line")
"""Who did what was asked for at the command line; the record adds which user of the machine."""


def machine_user() -> str:
    """Return the user of this machine, for the record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"
