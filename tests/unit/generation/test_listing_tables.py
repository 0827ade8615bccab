"""The tables for marketplaces have the documented columns, and no value that a spreadsheet runs."""

import csv
import io

import pytest

from jewelrymodel.generation.rules.listing_tables import (
    ListedProduct,
    google_tsv,
    harmless,
    shopify_csv,
)

# As help.shopify.com/en/manual/products/import-export/using-csv describes them (of all columns).
SHOPIFY_COLUMNS = {
    *("Title", "URL handle", "Description", "Vendor", "Product category", "Type", "Tags"),
    *("Published on online store", "Status", "SKU", "Barcode", "Option1 name", "Option1 value"),
    *("Product image URL", "Image position", "Image alt text", "Variant image URL", "Gift card"),
}
# As support.google.com/merchants/answer/7052112 names the attributes of images.
GOOGLE_ATTRIBUTES = {"id", "image_link", "additional_image_link"}
IMAGES = [(f"https://shop.example/i/opal-{n}.jpg", f"Opal, {n}") for n in range(13)]
OPAL = ListedProduct("Opal, Pendant", "p-1", "Pendant", "P-1", IMAGES[:3])


def read(table: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table), delimiter=delimiter))


def test_shopify_gets_a_draft_with_its_images_in_order() -> None:
    rows = read(shopify_csv(OPAL))
    assert set(rows[0]) <= SHOPIFY_COLUMNS
    assert [row["URL handle"] for row in rows] == ["p-1"] * 3
    first, second, third = rows
    assert (first["Title"], first["SKU"], first["Type"]) == ("Opal, Pendant", "P-1", "Pendant")
    assert (first["Status"], first["Published on online store"]) == ("draft", "FALSE")
    assert (first["Option1 name"], first["Option1 value"]) == ("Title", "Default Title")
    assert [row["Image position"] for row in rows] == ["1", "2", "3"]
    assert (third["Product image URL"], third["Image alt text"]) == IMAGES[2]
    assert second["Title"] == second["SKU"] == second["Status"] == ""


def test_without_addresses_shopify_gets_the_product_alone() -> None:
    (row,) = read(shopify_csv(ListedProduct("Opal", "p-1", "", "")))
    assert row["Title"] == "Opal"
    assert row["Product image URL"] == row["Image position"] == row["Image alt text"] == ""


def test_google_gets_ten_further_images_of_the_product_of_this_id() -> None:
    product = ListedProduct("Opal", "p-1", "Pendant", "P-1", IMAGES)
    (row,) = read(google_tsv(product), "\t")
    assert set(row) == GOOGLE_ATTRIBUTES
    assert row["id"] == "P-1"
    assert row["image_link"] == IMAGES[0][0]
    assert row["additional_image_link"].split(",") == [address for address, _ in IMAGES[1:11]]
    (alone,) = read(google_tsv(ListedProduct("Opal", "p", "", "P-1", IMAGES[:1])), "\t")
    assert alone["additional_image_link"] == ""


def test_google_gets_nothing_that_names_no_product_or_no_image() -> None:
    assert google_tsv(ListedProduct("Opal", "p-1", "Pendant", "", IMAGES)) == ""
    assert google_tsv(ListedProduct("Opal", "p-1", "Pendant", "P-1")) == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_value_is_never_a_formula(start: str) -> None:
    value = f'{start}HYPERLINK("https://evil.example","x")'
    assert harmless(value) == f"'{value}"
    product = ListedProduct(value, "p-1", value, value, [("https://a.example/i.jpg", value)])
    for row in read(shopify_csv(product)):
        assert not any(cell.startswith(start) for cell in row.values())
    assert harmless("R-7") == "R-7"
    assert harmless("") == ""


def test_quotes_commas_and_lines_stay_in_their_cell() -> None:
    title = 'Ring "Opal", 7\nsecond line'
    (row,) = read(shopify_csv(ListedProduct(title, "p", "Ring", "R,7")))
    assert (row["Title"], row["SKU"]) == (title, "R,7")
