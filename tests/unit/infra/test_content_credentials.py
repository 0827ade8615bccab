"""A statement is signed inside a file: what it says, what it leaves out, and when it is broken."""

import io
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from PIL import Image

from jewelrymodel.infra.content_credentials import (
    MIME,
    LibraryMissing,
    NotSigned,
    Signatory,
    Statement,
    read,
    signed,
)
from tests.support.authority import signatory

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
RENDERED = Statement("Shop renderer", SOURCE + "compositeSynthetic")
GENERATED = Statement("Model", SOURCE + "trainedAlgorithmicMedia")


def file(fmt: str = "png", tone: str = "gray", edge: int = 32) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (edge, edge), tone).save(out, fmt.upper())
    return out.getvalue()


@pytest.fixture(scope="module")
def shop() -> Signatory:
    return signatory("Shop")[0]


@pytest.mark.parametrize("fmt", MIME)
def test_what_is_signed_is_read_back_and_the_picture_is_the_same(fmt: str, shop: Signatory) -> None:
    before = file(fmt)
    after = signed(before, fmt, RENDERED, shop)
    found = read(after, fmt)
    assert found is not None
    assert found.is_intact
    assert found.signed_by == "Shop, Shop Ltd"
    assert found.source_type == RENDERED.source_type
    assert found.ingredients == ()
    one, two = (Image.open(io.BytesIO(each)).convert("RGB") for each in (before, after))
    assert one.tobytes() == two.tobytes()
    assert read(before, fmt) is None


def test_a_changed_file_is_broken(shop: Signatory) -> None:
    after = bytearray(signed(file("webp", edge=300), "webp", RENDERED, shop))
    after[60] ^= 1
    found = read(bytes(after), "webp")
    assert found is not None
    assert not found.is_intact


def test_an_answers_own_statement_goes_along_without_a_picture_of_it(shop: Signatory) -> None:
    model = signatory("Model")[0]
    scene = signed(file("png", "red", 700), "png", GENERATED, model)
    after = signed(file(), "png", RENDERED, shop, ("png", scene))
    found = read(after, "png")
    assert found is not None
    assert found.is_intact
    assert found.signed_by == "Shop, Shop Ltd"
    assert found.ingredients == ("Model, Model Ltd",)
    assert b"thumbnail" not in after
    assert len(after) < len(file()) + 15_000


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the paths that it was asked for."""
    paths: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def test_nobody_is_asked_where_a_file_names_an_address(asked: tuple[str, list[str]]) -> None:
    """Whoever looks at a file would be sent to where its maker wants them."""
    url, paths = asked
    xmp = (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'dcterms:provenance="{url}/a.c2pa"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "WEBP", xmp=xmp.encode())
    assert read(out.getvalue(), "webp") is None
    assert paths == []


@pytest.mark.parametrize(
    "by",
    [
        signatory(ended=True)[0],
        signatory(usage=ExtendedKeyUsageOID.SERVER_AUTH)[0],
        Signatory(signatory()[0].certificate, signatory()[0].key),
        Signatory(signatory()[0].certificate, b"no key"),
        Signatory(b"no certificate", signatory()[0].key),
    ],
    ids=["ended", "another use", "another's key", "no key", "no certificate"],
)
def test_what_cannot_be_signed_is_no_file(by: Signatory) -> None:
    with pytest.raises(NotSigned):
        signed(file(), "png", RENDERED, by)


def test_a_key_in_its_older_form_signs_too(shop: Signatory) -> None:
    by, maker = signatory()
    older = Signatory(by.certificate, maker.key_pem(PrivateFormat.TraditionalOpenSSL))
    found = read(signed(file(), "png", RENDERED, older), "png")
    assert found is not None
    assert found.is_intact


def test_files_of_several_signatories_and_settings_are_told_apart(shop: Signatory) -> None:
    stamped = Signatory(shop.certificate, shop.key, "http://tsa.example")
    marks = [shop.mark, stamped.mark, signatory()[0].mark]
    assert all(one != two for one, two in pairwise(sorted(marks)))


def test_without_the_library_it_is_said(monkeypatch: pytest.MonkeyPatch, shop: Signatory) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(LibraryMissing):
        signed(file(), "png", RENDERED, shop)
    with pytest.raises(LibraryMissing):
        read(file(), "png")
