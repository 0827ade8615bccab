"""Products and prices, listed ones and those made in passing by `price_data`."""

from __future__ import annotations

import re

from jewelrymodel.sandbox.api_call import Call, page
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, invalid, missing
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.store import Tx


def currency(params: Params) -> str:
    """The currency as three small letters; raises `Refused` without one."""
    value = params.needed("currency").lower()
    if not re.fullmatch("[a-z]{3}", value):
        raise invalid(params.name("currency"), f"Invalid currency: {value}")
    return value


def create_product(call: Call) -> Doc:
    """`POST /v1/products` (`default_price_data` included)"""
    product = _make_product(call.tx, call.params)
    if data := call.params.inner("default_price_data"):
        product["default_price"] = _make_price(call.tx, data, product["id"])["id"]
        call.tx.save(product)
    emit(call.tx, "product.created", product)
    return product


def update_product(call: Call) -> Doc:
    """`POST /v1/products/:id`"""
    product, params = call.subject("product"), call.params
    for name in ("name", "description", "default_price"):
        if name in params:
            product[name] = params.text(name)
    product["active"] = params.flag("active", product["active"])
    product["metadata"] = params.metadata(product["metadata"])
    product["updated"] = call.tx.now
    emit(call.tx, "product.updated", product, previous={})
    return call.tx.save(product)


def list_prices(call: Call) -> Doc:
    """`GET /v1/prices`: also those of up to ten `lookup_keys`; this sandbox takes one of them"""
    names = ("product", "currency", "type")
    equal = {name: value for name in names if (value := call.params.text(name))}
    keys = call.params.texts("lookup_keys")
    if len(keys) > 1:
        raise invalid("lookup_keys", "This sandbox takes one lookup key at once.")
    if keys:
        equal["lookup_key"] = keys[0]
    return page(call, "price", equal)


def create_price(call: Call) -> Doc:
    """`POST /v1/prices`"""
    price = price_from(call.tx, call.params)
    emit(call.tx, "price.created", price)
    return price


def update_price(call: Call) -> Doc:
    """`POST /v1/prices/:id`"""
    price, params = call.subject("price"), call.params
    for name in ("nickname", "lookup_key"):
        if name in params:
            price[name] = params.text(name)
    price["active"] = params.flag("active", price["active"])
    price["metadata"] = params.metadata(price["metadata"])
    emit(call.tx, "price.updated", price, previous={})
    return call.tx.save(price)


def price_from(tx: Tx, params: Params) -> Doc:
    """A price from `price_data` or from a call to make one, with its product if that is new too."""
    if data := params.inner("product_data"):
        product_id = _make_product(tx, data)["id"]
    elif product_id := params.text("product"):
        tx.need("product", product_id, param=params.name("product"), status=400)
    else:
        raise missing(params.name("product"))
    return _make_price(tx, params, product_id)


def _make_product(tx: Tx, params: Params) -> Doc:
    product_id = params.text("id") or new_id("product")
    if tx.get(product_id):
        raise Refused(
            f"Product already exists: {product_id}", code="resource_already_exists", param="id"
        )
    return tx.insert(
        {
            "id": product_id,
            "object": "product",
            "active": params.flag("active", True),
            "created": tx.now,
            "default_price": None,
            "description": params.text("description"),
            "images": params.texts("images"),
            "livemode": False,
            "marketing_features": [],
            "metadata": params.metadata(),
            "name": params.needed("name"),
            "package_dimensions": None,
            "shippable": None,
            "statement_descriptor": params.text("statement_descriptor"),
            "tax_code": params.text("tax_code"),
            "type": params.choice("type", ("good", "service"), "service"),
            "unit_label": params.text("unit_label"),
            "updated": tx.now,
            "url": params.text("url"),
        }
    )


def _make_price(tx: Tx, params: Params, product_id: str) -> Doc:
    recurring = _recurring(params.inner("recurring"))
    unit_amount = params.needed_integer("unit_amount")
    lookup_key = params.text("lookup_key")
    for other in tx.find("price", lookup_key=lookup_key) if lookup_key else ():
        raise invalid(
            params.name("lookup_key"),
            f"A price (`{other['id']}`) already uses that lookup key.",
        )
    return tx.insert(
        {
            "id": new_id("price"),
            "object": "price",
            "active": params.flag("active", True),
            "billing_scheme": "per_unit",
            "created": tx.now,
            "currency": currency(params),
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": lookup_key,
            "metadata": params.metadata(),
            "nickname": params.text("nickname"),
            "product": product_id,
            "recurring": recurring,
            "tax_behavior": params.choice(
                "tax_behavior", ("exclusive", "inclusive", "unspecified"), "unspecified"
            ),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "recurring" if recurring else "one_time",
            "unit_amount": unit_amount,
            "unit_amount_decimal": str(unit_amount),
        }
    )


def _recurring(params: Params | None) -> Doc | None:
    if params is None:
        return None
    interval = params.choice("interval", ("day", "week", "month", "year"))
    if interval is None:
        raise missing(params.name("interval"))
    return {
        "interval": interval,
        "interval_count": params.integer("interval_count", 1, least=1, most=52),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
