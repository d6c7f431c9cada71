"""The environment makes itself: once, whole, again where it is broken, and never twice at the same time.

These run the real thing in a copy of the project whose requirements are one tiny package.
"""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from core.shared import places

from ..support.waiting import PATIENCE

WARM_UP = "def warm_up():\n    open('warmed_up', 'a').write('once ')\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project, moved to a folder with a difficult name, whose environment was made by `setup`."""
    project = Project(tmp_path_factory.mktemp("Ordner für OBS, 100 %"))
    project.first = project.run()
    return project


@pytest.fixture
def project(made):
    """The same one, with what a test has changed put right before the next."""
    yield made
    made.require("1.0")
    assert made.run().returncode == 0


@pytest.fixture
def untouched(tmp_path):
    """One that was just downloaded."""
    return Project(tmp_path)


def surroundings():
    """This process's, as they are for a user: whoever runs the tests may have set variables for them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OBS_AVATAR_")}


class Project:
    def __init__(self, root):
        self.root, self.venv = root, root / ".venv"
        shutil.copy(places.ROOT / "obs_avatar.py", root)
        shutil.copytree(places.ROOT / "core", root / "core", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "models" / "landmark" / "draw").mkdir(parents=True)
        for package in ("models", "models/landmark", "models/landmark/draw"):
            (root / package / "__init__.py").touch()
        (root / "models" / "landmark" / "draw" / "raster.py").write_text(WARM_UP)
        self.require("1.0")

    def require(self, version):
        wheel = self.root / f"tiny-{version}-py3-none-any.whl"
        info = f"tiny-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny.py", f"version = {version!r}\n")
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        (self.root / "requirements.txt").write_text(f"--no-index\n--find-links .\ntiny=={version}\n")

    @property
    def stamp(self):
        return self.venv / "installed-requirements.json"

    @property
    def python(self):
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def start(self, *command, python=sys.executable):
        hostile = {"PYTHONHOME": "", "PYTHONPATH": str(self.root / "elsewhere"), "PIP_USER": "1"}
        return subprocess.Popen([python, str(self.root / "obs_avatar.py"), *(command or ("setup",))], cwd=self.root,
                                env={**surroundings(), **hostile}, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def run(self, *command, python=sys.executable):
        process = self.start(*command, python=python)
        out, _ = process.communicate(timeout=2 * PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, out)

    def installed(self):
        told = subprocess.run([str(self.python), "-c", "import sys, tiny; print(tiny.version, sys.prefix)"], text=True,
                              capture_output=True, check=True)
        version, prefix = told.stdout.strip().split(" ", 1)
        assert os.path.samefile(prefix, self.venv)
        return version


def test_the_first_command_makes_the_environment_and_goes_on_inside(made):
    assert made.first.returncode == 0, made.first.stdout
    assert "Creating an environment" in made.first.stdout and "OBS Avatar is set up" in made.first.stdout
    assert made.installed() == "1.0"
    assert (made.root / "warmed_up").read_text() == "once "


def time_of_children():
    """The processor's seconds that ended children took: other programs do not make them more. (Windows does not count them.)"""
    times = os.times()
    return times.children_user + times.children_system


def test_the_next_command_does_nothing_and_is_quick(project):
    before = project.stamp.stat().st_mtime_ns
    worked = time_of_children()
    result = project.run()
    assert time_of_children() - worked < 2
    assert "Installing" not in result.stdout and "OBS Avatar is set up" in result.stdout
    assert project.stamp.stat().st_mtime_ns == before


def test_changed_requirements_are_installed(project):
    project.require("1.1")
    assert project.run().returncode == 0
    assert project.installed() == "1.1"


def test_an_installation_that_was_interrupted_is_done_again(project):
    project.stamp.unlink()
    shutil.rmtree(next(project.venv.glob("**/tiny-1.0.dist-info")))
    next(project.venv.glob("**/tiny.py")).unlink()
    assert "Creating an environment" not in project.run().stdout
    assert project.installed() == "1.0"


@pytest.mark.skipif(os.name == "nt", reason="there, the environment has a copy")
def test_an_environment_whose_python_is_gone_is_made_again(project):
    project.python.unlink()
    project.python.symlink_to("/no/such/python3.7")
    assert "Creating an environment" in project.run().stdout
    assert project.installed() == "1.0"


def test_an_environment_that_cannot_install_is_made_again(project):
    project.stamp.unlink()
    shutil.rmtree(next(project.venv.glob("**/site-packages/pip")))
    assert "Creating an environment" in project.run().stdout
    assert project.installed() == "1.0"


@pytest.mark.skipif(os.name == "nt", reason="needs rights there")
def test_what_a_linked_environment_leads_to_is_not_emptied(project, tmp_path):
    (tmp_path / "keep me").touch()
    shutil.rmtree(project.venv)
    project.venv.symlink_to(tmp_path)
    assert project.run().returncode == 0
    assert not project.venv.is_symlink() and [p.name for p in tmp_path.iterdir()] == ["keep me"]


def test_two_commands_at_once_install_once(project):
    project.stamp.unlink()
    both = [project.start(), project.start()]
    said = [process.communicate(timeout=2 * PATIENCE)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert "".join(said).count("Installing the packages") == 1
    assert project.installed() == "1.0"


def test_what_cannot_be_installed_is_said_and_tried_again_next_time(project):
    (project.root / "requirements.txt").write_text("--no-index\ntiny==7.0\n")
    result = project.run()
    assert result.returncode == 1
    assert "could not be installed" in result.stdout and "Traceback" not in result.stdout
    assert not project.stamp.exists()


def test_packages_that_do_not_work_here_are_said(project):
    raster = project.root / "models" / "landmark" / "draw" / "raster.py"
    raster.write_text("raise ImportError('libsomething.so is missing')\n")
    project.stamp.unlink()
    result = project.run()
    raster.write_text(WARM_UP)
    assert result.returncode == 1
    assert "libsomething.so is missing" in result.stdout.splitlines()[-1] and "Traceback" not in result.stdout


def test_a_python_that_makes_no_environments_is_told_the_debian_package(untouched):
    program = untouched.root / "as_on_debian.py"
    program.write_text("import sys\nsys.modules['ensurepip'] = None\n"
                       f"sys.path.insert(0, {str(untouched.root)!r})\n"
                       "from core.cli.main import main\nsys.exit(main(['setup']))\n")
    result = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, env=surroundings())
    assert result.returncode == 1 and "apt install python3-venv" in result.stderr and "Traceback" not in result.stderr
    assert not untouched.venv.exists()


def test_the_doctor_works_without_an_environment_and_makes_none(untouched):
    result = untouched.run("doctor")
    assert result.returncode == 1 and "There is no environment" in result.stdout
    assert "obs_avatar.py setup" in result.stdout and not untouched.venv.exists()


def test_help_needs_no_environment(untouched):
    result = untouched.run("render", "--help")
    assert result.returncode == 0 and "--avatar" in result.stdout and not untouched.venv.exists()
