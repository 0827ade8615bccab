"""The settings of a whole service under test: the product's, less what costs time and is no
story's subject.

A sign-in's hash takes a quarter of a second of a processor by design. The cutout network is asked
once for each picture, by those parts that ask it at all. And httpx doesn't load its command line,
as in every installation: it needs ``rich``, which only a tool that checks our layers brings.
"""

import sys

sys.modules["httpx._main"] = None  # who imports it is told it's missing

from jewelrymodel.config.settings import *  # noqa: E402, F403  all of them
from jewelrymodel.config.settings import INSTALLED_APPS as _PRODUCT  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if sys.argv[1:2] in (["worker"], ["demo"]):
    INSTALLED_APPS = [*_PRODUCT, "tests.support.kept_network.KeptNetwork"]
