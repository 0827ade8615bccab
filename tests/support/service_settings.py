"""The settings of a whole service under test: the product's, but passwords are hashed cheaply.

A sign-in's hash takes a quarter of a second of a processor by design, and no story is about it.
"""

from jewelrymodel.config.settings import *  # noqa: F403  all of them

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
