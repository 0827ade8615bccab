"""A setting by the name of an earlier version is refused, and the sentence says its name of now."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jewelrymodel.config.environment_variables import BadSetting
from jewelrymodel.config.unsafe_settings import refuse_former_names


def test_a_setting_by_its_former_name_is_refused_before_anything_starts() -> None:
    refuse_former_names(["SECOND_APPROVAL_LIMIT_MINOR", "PORT"])
    with pytest.raises(BadSetting, match="SECOND_PERSON_WAIT_HOURS is called SECOND_APPROVAL_"):
        refuse_former_names(["PORT", "SECOND_PERSON_WAIT_HOURS"])


def test_doctor_says_so() -> None:
    doctor = subprocess.run(
        [Path(sys.executable).with_name("jewelrymodel"), "doctor"],
        env={**os.environ, "SECOND_PERSON_LIMIT_MINOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert doctor.returncode == 1
    assert "SECOND_PERSON_LIMIT_MINOR is called SECOND_APPROVAL_LIMIT_MINOR now" in doctor.stdout
