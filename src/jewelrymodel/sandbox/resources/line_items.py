"""What a checkout session sells: listed or inline prices, times a quantity."""

from __future__ import annotations

from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import invalid, missing
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.resources import catalog
from jewelrymodel.sandbox.store import Tx


def read(tx: Tx, params: Params, mode: str) -> list[Doc]:
    """The items as the session keeps them; raises `Refused` when they do not go together."""
    sent = params.items("line_items")
    if not sent:
        raise missing("line_items")
    items = [_item(tx, item) for item in sent]
    if len({item["currency"] for item in items}) > 1:
        raise invalid("line_items", "All line items need the same currency.")
    recurring = [item for item in items if item["price"]["type"] == "recurring"]
    if mode == "payment" and recurring:
        raise invalid("line_items", "A recurring price needs mode subscription.")
    if mode == "subscription" and len(recurring) != len(items):
        raise invalid("line_items", "This sandbox takes only recurring prices in a subscription.")
    if len({str(item["price"]["recurring"]) for item in recurring}) > 1:
        raise invalid("line_items", "All recurring prices need the same interval.")
    return items


def _item(tx: Tx, params: Params) -> Doc:
    price = _price(tx, params)
    quantity = params.integer("quantity", 1, least=1, most=999_999) or 1
    amount = price["unit_amount"] * quantity
    product = tx.need("product", price["product"])
    return {
        "id": new_id("item"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": params.metadata(),
        "price": price,
        "quantity": quantity,
    }


def _price(tx: Tx, params: Params) -> Doc:
    if data := params.inner("price_data"):
        return catalog.price_from(tx, data)
    price = tx.need("price", params.needed("price"), param=params.name("price"), status=400)
    if not price["active"]:
        raise invalid(params.name("price"), f"The price {price['id']} is inactive.")
    return price
