"""Choosing looks and formats, and starting a generation."""

import uuid
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.limits import MAX_IMAGES
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.queries.own_models import looks_of, names_of
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as ledger_queries
from jewelrymodel.promises import operations as promises
from jewelrymodel.studio.composition import ASPECTS
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.customer.studio.missing_credits import Choice, pack_for, purchase_of
from jewelrymodel.web.customer.studio.refusals import refusal_text
from jewelrymodel.web.customer.studio.scene_form import scene_context
from jewelrymodel.web.customer.studio.shown_prices import prices_field
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

REFUSALS = (
    operations.PhotoNotApproved,
    operations.NoLookChosen,
    operations.TooManyImages,
    operations.LookUnknown,
    operations.AspectUnknown,
    operations.OutOfBounds,
    operations.PriceRisen,
    operations.SceneUnknown,
    operations.WordsMissing,
    operations.WordsRefused,
    operations.WordsTooLong,
    rate_limiter.TooOften,
)


def looks_page(
    request: TenantRequest, photo: Photo, *, problem: str = "", is_bought: bool = False
) -> HttpResponse:
    """Show the looks for an approved cutout, what they cost, and what went wrong if it did.

    What was chosen before and waits for its payment is ticked. With *is_bought* the page shows what
    its purchase lacks.
    """
    now = clock.now()
    sent = request.POST if request.method == "POST" else request.GET
    choice = None if "look" in sent or request.method == "POST" else Choice.kept(photo, now)
    choice = choice or Choice.sent(sent)
    own = looks_of(account_id=request.account.id, kind=photo.kind)
    generators = queries.generators()
    has_image_models = bool(settings.PROVIDERS) and GeneratorName.HOSTED in generators
    offered = [
        (GeneratorName.EMBEDDED, own),
        *((name, queries.looks(photo.kind, name)) for name in generators),
    ]
    price = catalog.credit_price(now)
    looks = [
        (name, look, price.images[look.kind]) for name, its_looks in offered for look in its_looks
    ]
    chosen = [look.id for _name, look, _price in looks if look.id in choice.look_ids]
    is_hosted = GeneratorName.HOSTED in generators and (
        (not chosen and choice.generator == GeneratorName.HOSTED)
        or any(name == GeneratorName.HOSTED and look.id in chosen for name, look, _price in looks)
    )
    request.balance = balance = ledger_queries.balance(request.account.id, now)
    context = {
        "photo": photo,
        "has_image_models": has_image_models,
        "buy": reverse("photo_buy", args=[photo.pk]),
        "looks": looks,
        "own_names": names_of(account_id=request.account.id) if own else {},
        "chosen": chosen,
        "aspects": [(aspect, aspect in choice.aspects) for aspect in ASPECTS],
        "placed": choice.placed,
        "previewed": request.GET.get("preview", ""),
        "previewed_aspect": choice.aspects[0],
        "max_images": MAX_IMAGES,
        "price": price,
        "prices": prices_field(price),
        "balance": balance,
        "purchase": purchase_of(
            request.account,
            choice,
            sent,
            available=balance.available,
            now=now,
            is_pressed=is_bought,
        ),
        "generators": generators,
        "generator": GeneratorName.HOSTED if is_hosted else GeneratorName.EMBEDDED,
        "key": sent.get("key") or uuid.uuid4().hex,
        "problem": problem,
    }
    if has_image_models:
        draft = request.GET.get("draft", "")
        context |= scene_context(request.account.id, choice.scene, draft=draft)
    status = 422 if problem or is_bought else 200
    return render(request, "studio/looks.html", context, status=status)


@for_account(Act.STUDIO)
@form_of("photo")
def generate(request: TenantRequest, photo_id: str) -> HttpResponse:
    """Order the chosen images; twice the same form makes one task."""
    photo = or_404(lambda: queries.photo(account_id=request.account.id, photo_id=photo_id))
    now, choice = clock.now(), Choice.sent(request.POST)
    try:
        rate_limits.count_or_refuse(rate_limits.GENERATIONS, account_id=request.account.id, now=now)
        (task,) = promises.with_promises(
            lambda: [_submitted(request, photo, choice, now)], account=request.account, now=now
        )
    except ledger.NotEnoughCredits as short:
        query = {**choice.query(), "key": request.POST.get("key", "")}
        if pack_for(choice, available=short.available, now=now):
            return redirect(f"{reverse('photo', args=[photo.id])}?{urlencode(query, doseq=True)}")
        return looks_page(request, photo, problem=_too_few(short))
    except REFUSALS as refused:
        return looks_page(request, photo, problem=refusal_text(refused))
    return redirect("task", task_id=task.id)


def _submitted(request: TenantRequest, photo: Photo, choice: Choice, now: datetime) -> Task:
    """The generation that the form orders."""
    return operations.submit(
        account_id=request.account.id,
        photo_id=photo.id,
        look_ids=choice.look_ids,
        aspects=choice.aspects,
        generator=choice.generator,
        adjustments=choice.adjustments(),
        without=choice.left_out(),
        scene=dict(choice.scene),
        idempotency_key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        now=now,
        at_most=choice.credits_shown(request.POST),
    )


def _too_few(short: ledger.NotEnoughCredits) -> str:
    return _("You need %(needed)s, and %(available)s. No generation was started.") % {
        "needed": ngettext("%(n)s credit", "%(n)s credits", short.needed) % {"n": short.needed},
        "available": ngettext(
            "%(n)d credit is available", "%(n)d credits are available", short.available
        )
        % {"n": short.available},
    }
