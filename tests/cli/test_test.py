"""`test`: what is missing is named, and pytest gets its arguments as they are."""

import os
import subprocess
import sys

import pytest

from core.cli import environment, obs_versions, system_packages
from core.cli import test as command
from core.cli.test import PACKAGES, TWO_AT_A_TIME, WITHOUT_OBS
from core.shared import places
from core.shared.errors import UserError


def test_pytest_gets_its_arguments_in_their_order_and_its_code_comes_back(tmp_path):
    folder = tmp_path / "a b"
    folder.mkdir()
    (folder / "test_it.py").write_text("def test_one(): pass\ndef test_two(): assert 0\n")

    def run(*arguments):
        return subprocess.run([sys.executable, str(places.ROOT / "obs_avatar.py"), "test", *arguments],
                              env={**os.environ, environment.AS_IT_IS: "1", WITHOUT_OBS: "1"}, capture_output=True,
                              text=True)
    passed = run("-q", "--yes", "-k", "one", str(folder), "-p", "no:cacheprovider")
    assert passed.returncode == 0 and "1 passed, 1 deselected" in passed.stdout
    failed = run(str(folder), "-q", "-p", "no:cacheprovider")
    assert failed.returncode == 1 and "1 failed, 1 passed" in failed.stdout


def pytest_says(*arguments, **surroundings):
    return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)],
                          cwd=places.ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True).stdout


@pytest.mark.parametrize("processes", [(), TWO_AT_A_TIME], ids=["in one process", "in two"])
def test_the_tests_with_obs_are_named_where_they_did_not_run(processes):
    reason = "Missing Debian packages: xvfb."
    assert f"tests/in_obs did NOT run: {reason}" in pytest_says("tests/in_obs", *processes, **{WITHOUT_OBS: reason})


@pytest.mark.parametrize("processes", [(), TWO_AT_A_TIME], ids=["in one process", "in two"])
def test_what_was_measured_stands_at_the_end(processes, tmp_path):
    (tmp_path / "test_it.py").write_text("from tests.support.summary import MEASURED, note\n"
                                         "def test_it(request): note(request.node, MEASURED, ('until it came', 1.5))\n")
    assert "1.50 s  until it came" in pytest_says("-p", "tests.support.summary", tmp_path, *processes)


@pytest.mark.parametrize(("arguments", "given"), [
    ([], list(TWO_AT_A_TIME)), (["--yes"], list(TWO_AT_A_TIME)), (["-x"], ["-x"]), (["--soak", "1"], ["tests/soak"])])
def test_a_whole_run_is_shared_by_two_processes(monkeypatch, arguments, given):
    called = []
    monkeypatch.setattr(command, "_lacking", lambda yes: "")
    monkeypatch.setattr(subprocess, "call", lambda line, **how: called.extend(line[3:]) or 0)
    assert command.run(command.parse(arguments)) == 0
    assert called == given


def test_a_package_that_does_not_exist_is_missing():
    assert system_packages.missing(["no-such-package-of-debian"]) == ["no-such-package-of-debian"]
    assert set(system_packages.missing(PACKAGES)) <= set(PACKAGES)


def test_nothing_is_installed_unasked(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", open(os.devnull))
    try:
        system_packages.install(["no-such-package-of-debian"], yes=False)
    except system_packages.NotInstalled as reason:
        assert str(reason)
    else:
        raise AssertionError("it was installed")


def test_what_is_not_known_is_pytests_in_its_order():
    told = command.parse(["-x", "--faults", "tests/core", "-k", "a or b", "--times", "7", "--yes", "-p", "no:cacheprovider"])
    assert told.faults and told.times == 7 and told.yes
    assert told.pytest == ["-x", "tests/core", "-k", "a or b", "-p", "no:cacheprovider"]


def test_without_root_the_other_versions_of_obs_say_what_they_need(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(obs_versions, "_version_here", lambda: "29")
    with pytest.raises(UserError, match="need root"):
        obs_versions.run("all", [])


def test_the_quick_tests_exist():
    assert all((places.ROOT / name).is_file() for name in obs_versions.QUICK)
