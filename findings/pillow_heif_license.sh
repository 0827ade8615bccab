#!/bin/sh
# Finding: the metadata of pillow-heif says BSD-3-Clause, but its Linux wheel is under GPLv2.
#
# One would guess:  `License-Expression: BSD-3-Clause` in a wheel's METADATA is the license of what the
#                   wheel holds, so that a license report over installed packages is enough.
# Seen:             the wheel brings libx265 (GPL), libheif and libde265 (LGPL); a text beside the
#                   license (LICENSES_bundled.txt) says that the wheels as a whole are GPLv2. Neither
#                   the license field nor any classifier names it.
# Version:          pillow-heif 1.8.1, manylinux wheel for Python 3.11.
# Whom it hurts:    whoever ships a container or an installer with HEIC reading and clears licenses by
#                   package metadata. x265 is there for encoding, also where one only reads photos.
# Source:           pillow_heif-1.8.1.dist-info/METADATA and licenses/LICENSES_bundled.txt.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps \
  --only-binary :all: --dest "$folder" pillow-heif==1.8.1
"${PYTHON:-python3}" - "$folder" <<'PYTHON'
import email
import pathlib
import sys
import zipfile

wheel = zipfile.ZipFile(next(pathlib.Path(sys.argv[1]).glob("*.whl")))
names = wheel.namelist()
(metadata_name,) = [name for name in names if name.endswith(".dist-info/METADATA")]
(bundled_name,) = [name for name in names if name.endswith("LICENSES_bundled.txt")]
metadata = email.message_from_bytes(wheel.read(metadata_name))
stated = [metadata.get("License-Expression"), metadata.get("License")]
stated += [line for line in metadata.get_all("Classifier", []) if line.startswith("License")]
bundled = wheel.read(bundled_name).decode()
libraries = sorted(name for name in names if ".so" in name and "pillow_heif.libs/" in name)
whole = [line for line in bundled.splitlines() if "binary wheels" in line and "GPLv2" in line]
print("metadata says:", [line for line in stated if line])
print("the wheel holds:", *libraries, sep="\n  ")
print("the text beside it says:", *whole, sep="\n  ")
is_so = (
    "BSD-3-Clause" in stated
    and not any("GPL" in (line or "") for line in stated)
    and any("libx265" in name for name in libraries)
    and bool(whole)
)
sys.exit(0 if is_so else 1)
PYTHON
