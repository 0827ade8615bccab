"""A certificate authority made on the spot, and certificates by it: for pictures, for servers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jewelrymodel.infra.content_credentials import Signatory

LONG = timedelta(days=3650)


@dataclass(frozen=True)
class Maker:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def key_pem(self, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
        return self.key.private_bytes(Encoding.PEM, form, NoEncryption())


def _maker(
    name: str, by: Maker | None, *extensions: x509.ExtensionType, begins: datetime, lasts: timedelta
) -> Maker:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{name} Ltd"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
    )
    parent = by.key if by else key
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(parent.public_key())
    for extension in (authority, *extensions):
        is_critical = isinstance(extension, x509.BasicConstraints | x509.KeyUsage)
        builder = builder.add_extension(extension, is_critical)
    return Maker(builder.sign(parent, hashes.SHA256()), key)


def signatory(
    name: str = "Shop", *, ended: bool = False, usage: x509.ObjectIdentifier | None = None
) -> tuple[Signatory, Maker]:
    """One who may sign pictures, unless the certificate has *ended* or is for another *usage*."""
    now = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251  as the library reads its own clock
    root = _maker("Root", None, x509.BasicConstraints(True, None), begins=now, lasts=LONG)
    own = _maker(
        name,
        root,
        x509.BasicConstraints(False, None),
        x509.KeyUsage(True, False, False, False, False, False, False, False, False),
        x509.ExtendedKeyUsage([usage or ExtendedKeyUsageOID.EMAIL_PROTECTION]),
        begins=now - timedelta(days=9) if ended else now,
        lasts=timedelta(days=8) if ended else LONG,
    )
    chain = b"".join(one.certificate.public_bytes(Encoding.PEM) for one in (own, root))
    return Signatory(chain, own.key_pem()), own


def serving(*names: x509.GeneralName) -> tuple[Maker, Maker]:
    """An authority, and the certificate that it gave the server of these *names* for ten days."""
    begins = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251  what a browser's clock says
    lasts = timedelta(days=10)
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = _maker(
        "Test authority", None, x509.BasicConstraints(True, 0), signs, begins=begins, lasts=lasts
    )
    own = _maker(
        "localhost",
        root,
        x509.BasicConstraints(False, None),
        x509.SubjectAlternativeName(names),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
        begins=begins,
        lasts=lasts,
    )
    return root, own


def on_disk(folder: Path, by: Signatory) -> dict[str, str]:
    """The paths of a signatory's files, as the settings have them."""
    paths = {"certificate": by.certificate, "key": by.key}
    for name, content in paths.items():
        (folder / f"{name}.pem").write_bytes(content)
        (folder / f"{name}.pem").chmod(0o600)
    return {name: str(folder / f"{name}.pem") for name in paths}
