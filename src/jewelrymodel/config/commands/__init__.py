"""The commands of ``jewelrymodel``, one module each; ``config.cli`` lists them."""

from jewelrymodel.kernel.actors import Actor

DEMO_WANTED = "preparing: the demo world isn't loaded yet"
"""The line by which ``prepare`` asks ``up`` for ``demo load``, which needs the stand-ins up."""

SIGN_IN = "sign in: "
"""How a line begins that ``up`` keeps for its greeting."""

SHELL = Actor.system("command-line")
"""Who did what was asked for at the command line; the record adds which user of the machine."""
