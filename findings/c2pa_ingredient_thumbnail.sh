#!/bin/sh
# Finding: an image signed with its photo as an ingredient carries that photo inside, readable.
#
# One would guess:  an ingredient is named in the manifest by a hash and a title; what was cropped,
#                   cut out or covered in the finished image stays with its maker.
# Seen:             by default a picture of the whole ingredient, 1024 px on its longer edge, is put
#                   into every signed file, and any reader takes it out again. A second one of the
#                   image itself comes with it; in a WebP that is lossless and makes the file several
#                   times as large.
# Version:          c2pa-python 0.38.1, Pillow 13.0.0, Python 3.11.
# Whom it hurts:    whoever signs composites: the desk, the price tag or the hand round the piece in the
#                   seller's photo is published with it, and metadata triples what a page loads.
#                   {"builder": {"thumbnail": {"enabled": false}}} in the settings leaves both out.
# Source:           C2PA specification, assertion c2pa.thumbnail.ingredient (optional); the default is the
#                   library's.
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


def picture(kind, color):
    """A picture of 1600 pixels as detailed as a photograph."""
    noise = Image.effect_noise((200, 200), 90).resize((1600, 1600), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    Image.merge("RGB", [noise.point(lambda v, c=c: v * c // 255) for c in color]).save(file, kind)
    return file.getvalue()


photo, image = picture("JPEG", (90, 140, 220)), picture("WEBP", (220, 180, 90))
actions = {"actions": [{"action": "c2pa.created", "digitalSourceType": SOURCE}]}
manifest = {
    "claim_generator_info": [{"name": "shop", "version": "1"}],
    "title": "worn",
    "assertions": [{"label": "c2pa.actions", "data": actions}],
}
builder, signed = c2pa.Builder(json.dumps(manifest)), io.BytesIO()
builder.add_ingredient(
    json.dumps({"title": "photo.jpg", "relationship": "componentOf"}), "image/jpeg", io.BytesIO(photo)
)
builder.sign(signer(), "image/webp", io.BytesIO(image), signed)
reader = c2pa.Reader("image/webp", io.BytesIO(signed.getvalue()))
read = json.loads(reader.json())
(ingredient,) = read["manifests"][read["active_manifest"]]["ingredients"]
inside = io.BytesIO()
reader.resource_to_stream(ingredient["thumbnail"]["identifier"], inside)
shown = Image.open(io.BytesIO(inside.getvalue())).convert("RGB")
blue = shown.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
grown = len(signed.getvalue()) / len(image)
print(
    f"c2pa-python {version('c2pa-python')}: the photo inside has {shown.size} pixels of color {blue}; "
    f"the WebP has grown {grown:.1f}-fold"
)
is_so = max(shown.size) == 1024 and blue[2] > 1.5 * blue[0] and grown > 2
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
