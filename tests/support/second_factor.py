"""Somebody with an authenticator app, at the real pages."""

import re

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client

from jewelrymodel.accounts.models import User
from jewelrymodel.infra import clock
from tests.support.account_emails import PASSWORD, code_for


def set_up(client: Client) -> str:
    """Turn two-step verification on; return the secret that the app keeps."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r'data-copy="([A-Z2-7]+)"', page)
    assert found, page
    client.post("/account/2fa/totp/activate/", {"code": code_for(found[1])})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    return found[1]


def enter(client: Client, address: str, secret: str) -> str:
    """Send the code that the app shows now; return where that leads."""
    cache.clear()  # a code works once, and the next comes in half a minute
    return client.post(address, {"code": code_for(secret)}).headers.get("Location", "")


def signed_in_with_it(email: str) -> Client:
    """Return somebody of ours after password and code; the first time it is set up."""
    client = Client()
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    user = User.objects.get(email=email)
    known = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if known is None:
        enter(client, "/account/2fa/reauthenticate/", set_up(client))
    else:
        enter(client, "/account/2fa/authenticate/", get_mfa_adapter().decrypt(known.data["secret"]))
    return client


def counted_as_entered(client: Client) -> Client:
    """Return the same browser, whose session says that a code was entered just now: for tests of
    what comes after.
    """
    session = client.session
    just_now = {"method": "mfa", "at": clock.real_now().timestamp()}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [just_now]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = session[SESSION_KEY]
    session.save()
    return client
