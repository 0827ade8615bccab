"""The commands of ``jewelrymodel``, one module each; ``config.cli`` lists them."""

DEMO_WANTED = 3
"""The exit status by which ``prepare`` asks for ``demo load``, which needs the stand-ins up."""

SIGN_IN = "sign in: "
"""How a line begins that ``up`` keeps for its greeting."""
