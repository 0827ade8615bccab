"""What a batch makes of a folder, shown where nobody has made one yet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExamplePiece:
    """A piece of the example: its files, its name, and two static pictures of it."""

    files: tuple[str, ...]
    name: str
    photo: str
    image: str


EXAMPLE = (
    ExamplePiece(
        ("ring-12_front.jpg", "ring-12_side.jpg"),
        "ring-12",
        "showcase/ring-photo.webp",
        "looks/velvet-ring.webp",
    ),
    ExamplePiece(
        ("garnet-3.jpg",), "garnet-3", "showcase/pendant-photo.webp", "looks/velvet-pendant.webp"
    ),
    ExamplePiece(
        ("hoop-7.jpg",), "hoop-7", "showcase/earring-photo.webp", "looks/velvet-earring.webp"
    ),
)
"""Three pieces from four photos, all in one look."""
