"""No page of a customer is left out of the walks in the pseudo-language."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

NOT_OURS_TO_READ = ("demo", "desk", "hooks", "healthz", "metrics")
NO_PAGE = {
    *("language", "theme", "refund-policy-source", "decision_file", "receipt", "credit_note"),
    *("photo_picture", "photo_preview_picture", "asset_picture", "request_picture"),
    *(
        "asset_small",
        "asset_full",
        "asset_download",
        "library_batch",
        "library_file",
        "request_message",
    ),
    *("order_promise", "cancellation_promise", "generation_promise"),
    *("own_model_picture", "own_model_set_up_front", "model_agreement_photo"),
    *("own_model_set_up_preview", "own_model_set_up_paint"),
    *("legal-source", "settings-data-file", "attestations", "credits-proof"),
    *("mfa_download_recovery_codes", "robots", "sitemap", "favicon"),
}
"""Files, pictures, and what only changes something and leads back."""
LEADS_TO_A_PAGE_OF_THE_WALK = {
    *("pay_renewal", "change_card", "pay_change"),
    *("pay_order", "asset_favorite", "photo_cut_again", "photo_generate", "task_cancel"),
    *("settings-person", "settings-account", "photo_progress", "task_progress"),
    *("photo_placement", "photo_wearable", "settings-devices-end", "usersessions_list"),
    "settings-people-change",
    *("photo_preview", "photo_correct_state", "account_inactive", "account_confirm_login_code"),
}
"""Whose sentences are all on a page of the walk, or which nobody can come to."""
BY_A_LINK = {
    *("account_confirm_email", "account_reset_password_from_key", "request_confirm"),
    *("refund-policy-edition", "refund-policy-changes"),
    *("legal-edition", "legal-changes"),
    *("account_email_verification_sent", "account_reset_password_done"),
    *("model_agreement", "model_revocation"),
}
"""Which the walk comes to by a link of a page or an email, or is led to."""


def test_every_page_is_walked() -> None:
    left_out = NO_PAGE | LEADS_TO_A_PAGE_OF_THE_WALK | BY_A_LINK
    names = set(pages(get_resolver()))
    assert left_out <= names
    assert names - left_out - set(walked()) == set()


def pages(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all addresses but those of our staff, our demo and other machines."""
    for one in resolver.url_patterns:
        address = f"{prefix}{one.pattern}"
        if address.startswith(NOT_OURS_TO_READ):
            continue
        if isinstance(one, URLPattern):
            yield from filter(None, [one.name])
        else:
            yield from pages(one, address)


def walked() -> Iterator[str]:
    """The names of the addresses that the walks' modules write."""
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            try:
                yield str(resolve(written(node)).url_name)
            except Resolver404:
                continue


def written(node: ast.AST) -> str:
    """What a string says, with an x for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "x" for one in node.values
        )
    return str(node.value) if isinstance(node, ast.Constant) else ""
