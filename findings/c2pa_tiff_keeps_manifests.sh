#!/bin/sh
# Finding: a TIFF that is signed anew keeps former manifests' bytes, and the reader doesn't show them.
#
# One would guess:  signing a signed file replaces its manifest store, as it does in JPEG, PNG, WebP
#                   and AVIF, which keep their size; what the new manifest leaves out is gone.
# Seen:             in a TIFF the new store is added (about 250 kB with the usual thumbnail), at
#                   times put in the last one's place. Former ones stay in the file, titles readable,
#                   while the reader names the last one only and calls the file valid. Saving the
#                   pixels anew before signing leaves nothing behind.
# Version:          c2pa-python 0.38.1, Pillow 13.0.0, Python 3.11.
# Whom it hurts:    whoever signs again in order to correct a title, a name or an ingredient's
#                   picture: the old one is published with the new one; and files of catalogs that
#                   grow with each export.
# Source:           seen on trying; the library's documentation says of signing that former manifests
#                   are not kept unless they are added as ingredients.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  c2pa-python==0.38.1 pillow==13.0.0 cryptography==50.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
import io
import json
import sys
from importlib.metadata import version

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

NOW = datetime.datetime.now(datetime.timezone.utc)
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
TIMES = 3


def certificate(name, key, issuer, issuer_key, *extensions):
    """A certificate for thirty days."""
    named, signing = (
        x509.Name([
            x509.NameAttribute(NameOID.COMMON_NAME, word),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
        ])
        for word in (name, issuer)
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(signing)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + datetime.timedelta(days=30))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def signer():
    """One whose certificate fulfills the specification's profile."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate(
        "Root", root_key, "Root", root_key,
        (x509.BasicConstraints(True, None), True),
        (x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), False),
    )
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    own = certificate(
        "Shop", key, "Root", root_key,
        (x509.BasicConstraints(False, None), True),
        (usage, True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False),
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = own.public_bytes(pem) + root.public_bytes(pem)
    info = c2pa.C2paSignerInfo(
        alg=c2pa.C2paSigningAlg.ES256, sign_cert=chain, private_key=private, ta_url=None
    )
    return c2pa.Signer.from_info(info)


def signed(kind, data, title):
    """The picture with a manifest of that title."""
    actions = {"actions": [{"action": "c2pa.created", "digitalSourceType": SOURCE}]}
    manifest = {
        "claim_generator_info": [{"name": "shop", "version": "1"}],
        "title": title,
        "assertions": [{"label": "c2pa.actions", "data": actions}],
    }
    result = io.BytesIO()
    builder = c2pa.Builder(json.dumps(manifest))
    builder.sign(signer(), f"image/{kind.lower()}", io.BytesIO(data), result)
    return result.getvalue()


print(f"c2pa-python {version('c2pa-python')}")
titles, seen = [f"title number {turn}" for turn in range(TIMES)], {}
for kind in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF"):
    file = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(file, kind)
    data, sizes = file.getvalue(), []
    for title in titles:
        data = signed(kind, data, title)
        sizes.append(len(data))
    shown = c2pa.Reader(f"image/{kind.lower()}", io.BytesIO(data))
    inside = [title for title in titles if title.encode() in data]
    named = [title for title in titles if title in shown.json()]
    valid = json.loads(shown.json())["validation_state"]
    print(f"{kind}: {sizes} bytes; inside {inside}; the reader names {named}, {valid}")
    is_kept = titles[0] in inside
    seen[kind] = is_kept == (kind == "TIFF") and titles[-1] in inside
    seen[kind] = seen[kind] and named == titles[-1:] and valid == "Valid"
sys.exit(0 if all(seen.values()) else 1)
PYTHON
echo "As found."
