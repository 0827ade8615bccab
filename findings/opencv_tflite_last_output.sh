#!/bin/sh
# Finding: OpenCV 5 reads a TensorFlow Lite network of two outputs and hands out the last one only.
#
# One would guess:  readNetFromTFLite gives all outputs of a network, as it did in OpenCV 4, or
#                   refuses the file; the documentation of its engines says that the new one falls
#                   back to the classic one where it can't.
# Seen:             of MediaPipe's palm detector (scores and boxes) the network read by default names
#                   one output, "Identity"; asking for the scores, "Identity_1", raises an error,
#                   although it is among the layers' names. Nothing falls back. Read with
#                   ENGINE_CLASSIC the same file names both, and both can be had.
# Version:          opencv-python-headless 5.0.0.93, network of mediapipe 0.10.21, Python 3.11.
# Whom it hurts:    whoever runs detectors or landmark networks, which have scores beside boxes: the
#                   scores are gone, and code written for OpenCV 4 stops.
# Source:           OpenCV's reference of cv::dnn::readNetFromTFLite and cv::dnn::EngineType.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  opencv-python-headless==5.0.0.93 numpy==2.4.6
"$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
  --only-binary :all: --platform manylinux_2_28_x86_64 --python-version 3.11 \
  -d "$folder" mediapipe==0.10.21
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np

folder = Path(sys.argv[1])
with zipfile.ZipFile(next(folder.glob("mediapipe*.whl"))) as wheel:
    name = "mediapipe/modules/palm_detection/palm_detection_full.tflite"
    path = wheel.extract(name, folder)
picture = np.zeros((1, 3, 192, 192), np.float32)
seen = {}
for engine in ("ENGINE_AUTO", "ENGINE_CLASSIC"):
    network = cv2.dnn.readNetFromTFLite(path, getattr(cv2.dnn, engine))
    network.setInput(picture)
    try:
        shapes = [one.shape for one in network.forward(["Identity_1"])]
    except cv2.error as refused:
        shapes = refused.err
    named = "Identity_1" in network.getLayerNames()
    seen[engine] = (sorted(network.getUnconnectedOutLayersNames()), shapes, named)
    print(engine, *seen[engine], sep="; ")
auto, classic = seen["ENGINE_AUTO"], seen["ENGINE_CLASSIC"]
is_so = auto[0] == ["Identity"] and "is not found" in auto[1] and auto[2]
is_so = is_so and classic[0] == ["Identity", "Identity_1"]
is_so = is_so and classic[1] == [(1, 2016, 1)]
sys.exit(0 if is_so else 1)
PYTHON
echo "As found."
