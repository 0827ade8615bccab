"""The settings of a whole service under test: the product's, less what costs time and is no
story's subject.

A sign-in's hash takes a quarter of a second of a processor by design. The cutout network is asked
once for each picture, by those parts that ask it at all.
"""

import sys

from jewelrymodel.config.settings import *  # noqa: F403  all of them
from jewelrymodel.config.settings import INSTALLED_APPS as _PRODUCT

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if sys.argv[1:2] in (["worker"], ["demo"]):
    INSTALLED_APPS = [*_PRODUCT, "tests.support.kept_network.KeptNetwork"]
