"""What dies comes back; what is stopped is gone; nobody starts twice. The order matters here."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.service import COMMAND, PARTS, Service, free_ports, processes_of, start, wait_for


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back(service: Service, part: str) -> None:
    killed = service.leader_of(part)
    assert killed is not None, f"{part} doesn't run"
    os.kill(killed, signal.SIGKILL)
    wait_for(
        lambda: service.leader_of(part) not in (None, killed) and service.health().get("healthy"),
        timeout_s=180,
        what=lambda: f"{part} stayed away: {service.health()}\n{service.log[-2000:]}",
    )
    assert service.process.poll() is None


def test_the_process_that_serves_pages_comes_back(service: Service) -> None:
    leader = service.leader_of("web")
    children = Path(f"/proc/{leader}/task/{leader}/children")
    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
    wait_for(
        lambda: service.leader_of("web") not in (None, leader) and service.health().get("healthy"),
        timeout_s=180,
        what="no pages any more",
    )


def test_health_names_what_is_down(service: Service) -> None:
    def is_missed() -> bool:
        """Whether health names it, before the supervisor has it back; else it is killed again."""
        if leader := service.leader_of("mail"):
            os.kill(leader, signal.SIGKILL)
        return service.health().get("down") == ["mail"]

    wait_for(is_missed, timeout_s=180, what="nobody noticed")
    wait_for(lambda: service.health().get("healthy"), timeout_s=180, what="mail stayed away")


def test_a_second_start_on_the_same_folder_says_who_is_there(service: Service) -> None:
    status, words = refused(service.data_dir, free_ports())
    assert status == 1
    assert f"process {service.process.pid} already runs on {service.data_dir}" in words


def test_a_command_uses_the_database_that_runs(service: Service) -> None:
    done = subprocess.run(
        [COMMAND, "manage", "check", "--database", "default"],
        env=service.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_ctrl_c_stops_everything(service: Service) -> None:
    assert service.stop() == 0
    assert "Stopped." in service.log
    assert processes_of(service.data_dir) == []


def test_a_taken_port_is_named_with_its_mend(service: Service, tmp_path: Path) -> None:
    port = free_ports()
    with socket.create_server(("127.0.0.1", port + 1)):
        status, words = refused(tmp_path / "data", port)
    assert status == 1
    assert f"port {port + 1} can't be used" in words
    assert "SANDBOX_PORT=" in words


def test_after_the_supervisor_is_killed_nothing_is_left_and_a_start_works(folder: Path) -> None:
    first = start(folder, "--empty")
    first.wait_until_ready()
    first.process.kill()
    first.process.wait()
    wait_for(
        lambda: not processes_of(folder), timeout_s=15, what=lambda: f"left: {processes_of(folder)}"
    )
    # As after a restart of the machine: the number now belongs to a stranger.
    pretended = "\n".join([str(os.getpid()), str(folder / "pg"), "0", "5432", "", "", "", "ready"])
    (folder / "pg" / "postmaster.pid").write_text(pretended)
    second = start(folder, "--empty")
    second.wait_until_ready()
    assert second.stop(signal.SIGTERM) == 0
    assert processes_of(folder) == []


def refused(data_dir: Path, port: int) -> tuple[int, str]:
    """Start where it can't be; the exit status and what was said."""
    again = start(data_dir, port=port)
    return again.process.wait(timeout=30), again.log
