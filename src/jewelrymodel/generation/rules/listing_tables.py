"""The tables that marketplaces take: which columns, and values that no spreadsheet runs."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet read a value as a formula, by OWASP's page on CSV injection."""
_FURTHER = 10  # additional images of one product that Google takes
_SHOPIFY = (
    *("Title", "URL handle", "Type", "Published on online store", "Status", "SKU"),
    *("Option1 name", "Option1 value", "Product image URL", "Image position", "Image alt text"),
)
_GOOGLE = ("id", "image_link", "additional_image_link")


@dataclass(frozen=True)
class ListedProduct:
    """One product of a table. *images* are addresses with their alt texts, the main one first."""

    title: str
    handle: str
    kind: str
    sku: str
    images: Sequence[tuple[str, str]] = ()


def shopify_csv(product: ListedProduct) -> str:
    """Return the product as Shopify's product CSV: a draft that isn't published, with a row more
    for each further image, by the columns that help.shopify.com describes.
    """
    first = {
        "Title": product.title,
        "Type": product.kind,
        "Published on online store": "FALSE",
        "Status": "draft",
        "SKU": product.sku,
        "Option1 name": "Title",
        "Option1 value": "Default Title",
    }
    rows: list[dict[str, str]] = [{} for _ in product.images] or [{}]
    rows[0] = first
    for place, (row, (address, alt)) in enumerate(zip(rows, product.images, strict=False), 1):
        row["Product image URL"] = address
        row["Image position"] = str(place)
        row["Image alt text"] = alt
    for row in rows:
        row["URL handle"] = product.handle
    return _table(_SHOPIFY, rows, delimiter=",")


def google_tsv(product: ListedProduct) -> str:
    """Return the product's images as a supplemental file of Google Merchant Center, tab-delimited:
    it adds to the product of the same id. Empty without an SKU or an image's address.
    """
    if not product.sku or not product.images:
        return ""
    (main, _alt), *further = product.images
    row = {
        "id": product.sku,
        "image_link": main,
        "additional_image_link": ",".join(address for address, _alt in further[:_FURTHER]),
    }
    return _table(_GOOGLE, [row], delimiter="\t")


def harmless(value: str) -> str:
    """Return the value so that a spreadsheet shows it and doesn't run it as a formula."""
    return f"'{value}" if value.startswith(_RUNS) else value


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, str]], *, delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([harmless(row.get(column, "")) for column in columns] for row in rows)
    return buffer.getvalue()
