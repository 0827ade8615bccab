"""The demo world: invented sellers with some weeks behind them.

Everything is made by running the real operations at past instants, never by writing rows; so what
the demo shows is what the product does.
"""

from datetime import datetime, timedelta

from django.conf import settings

from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.attestation import operations as attestation
from jewelrymodel.demo import damaged_images, prices, stand_ins, terms, troubles
from jewelrymodel.demo.seller import Seller
from jewelrymodel.generation.operations import NotShown

EDITION_AGE = timedelta(days=9)


def load(*, now: datetime) -> None:
    """Let the demo's people live their stories up to *now*; the stand-ins have to be up.

    Their hosted images are on plain backgrounds, whichever providers are set up.
    """
    terms.publish(on=(now - EDITION_AGE).date())
    providers, settings.PROVIDERS = settings.PROVIDERS, []
    try:
        ida, noor, marta = _ring_maker(now), _earring_studio(now), _necklace_house(now)
        agent = troubles.hire(now)
        damaged_images.confirm(seller=noor, agent=agent, now=now)
        damaged_images.report(seller=ida, now=now)
        troubles.live(agent=agent, asker=marta, now=now)
        prices.publish(effective_from_at=now)
        attestation.attest(now=now)
    finally:
        settings.PROVIDERS = providers
        stand_ins.set_processor_clock(None)


def _ring_maker(now: datetime) -> Seller:
    """Five weeks: a plan that renewed, a ring worn and styled, a failure that cost nothing."""
    ida = Seller(
        "ida@rings.example",
        "Example Rings",
        "US",
        BuyerCapacity.BUSINESS,
        now - timedelta(days=37, hours=3),
    )
    ida.sign_up()
    ida.wait(minutes=20)
    ida.buy("bench")
    ida.wait(minutes=5)
    ring = ida.cut_out("render_ring.jpg", kind="ring", size_mm=20)
    ida.like(ida.generate(ring, "hand-light", "marble"))
    ida.wait(days=9)
    ida.generate(ring, "velvet", "linen")
    ida.wait(days=11)
    stand_ins.spoil_next_job("fail")
    ida.generate(ring, "plain-ivory", "plain-sage", generator="hosted")
    ida.wait(days=14)
    ida.renew()
    ida.buy("case", cards=(stand_ins.DECLINED_CARD, stand_ins.GOOD_CARD))
    return ida


def _earring_studio(now: datetime) -> Seller:
    """Three weeks: buys small packages, one after the other."""
    noor = Seller(
        "noor@earrings.example",
        "Example Earrings",
        "GB",
        BuyerCapacity.BUSINESS,
        now - timedelta(days=24, hours=6),
    )
    noor.sign_up()
    noor.buy("tray")
    noor.wait(hours=2)
    hoop = noor.cut_out("render_hoop.jpg", kind="earring", size_mm=30)
    noor.like(noor.generate(hoop, "linen", "velvet"))
    noor.wait(days=15)
    noor.buy("tray")
    noor.wait(hours=1)
    noor.generate(hoop, "marble")
    return noor


def _necklace_house(now: datetime) -> Seller:
    """Two weeks: a consumer in the EU, whose consents were asked for and kept."""
    marta = Seller(
        "marta@necklaces.example",
        "Example Necklaces",
        "DE",
        BuyerCapacity.CONSUMER,
        now - timedelta(days=13, hours=9),
    )
    marta.sign_up()
    marta.wait(minutes=6)
    marta.buy("tray")
    marta.wait(minutes=30)
    try:
        pendant = marta.cut_out("render_pendant.jpg", kind="pendant", size_mm=22)
    except NotShown:  # the small model loses the chain; what is left of the photo is too small
        return marta
    marta.like(marta.generate(pendant, "neck-light"))
    marta.wait(days=6)
    stand_ins.spoil_next_job("part")
    marta.generate(pendant, "plain-ivory", "plain-slate", generator="hosted")
    return marta
