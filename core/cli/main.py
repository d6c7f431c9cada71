"""The command line: `python3 obs_avatar.py COMMAND`.

Standard library only up to the point where a command is carried out: it runs before the environment is there.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence

from .. import __version__
from ..bench import arguments as bench_arguments
from ..shared.errors import UsageError, UserError
from . import avatars, environment, models, test
from .options import add_driver_options, add_picture_options

FAILED, WRONG_USAGE = 1, 2
"""The exit codes of a command that failed, and of one that cannot be carried out as it stands; the second is argparse's."""
INTERRUPTED = 130
"""The exit code that shells give a program ended by Ctrl-C."""


def main(argv: Sequence[str]) -> int:
    """Carries out one command; returns the exit code."""
    _speak_any_language()
    # Ended from outside, a command cleans up as it does after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        arguments = _parsed(argv)
        _enter_environment(arguments, argv)
        command = importlib.import_module("." + arguments.command, __package__)
        code = command.run(arguments)
        sys.stdout.flush()
        return code
    except UserError as error:
        print(f"obs_avatar: {error}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:  # whoever read our output, such as “head”, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("\nobs_avatar: stopped.", file=sys.stderr)
        return INTERRUPTED


def _enter_environment(arguments: argparse.Namespace, argv: Sequence[str]) -> None:
    needed = [environment.REQUIREMENTS]
    if arguments.command == "test":
        needed += [environment.NEURAL_REQUIREMENTS, environment.BENCH_REQUIREMENTS, environment.TEST_REQUIREMENTS]
    if arguments.command == "setup" and arguments.neural:
        needed.append(environment.NEURAL_REQUIREMENTS)
    # The doctor changes nothing: where there is no environment it says so, from outside.
    if arguments.command != "doctor" or environment.is_ready(*needed):
        environment.enter(argv, *needed)


def _speak_any_language() -> None:
    """A terminal that lacks a letter shows “?” in its place, and nothing fails."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    if argv[:1] == ["test"] and not {"-h", "--help"} & set(argv):
        # pytest's arguments pass through as they are, in their order; subcommands of argparse would not let them.
        arguments = test.parse(argv[1:])
        arguments.command, arguments.argv = "test", argv
        return arguments
    arguments = parser.parse_args(argv or ["--help"])
    arguments.argv = argv
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="obs_avatar.py", description="OBS Avatar moves a picture with your face, inside OBS Studio.",
        epilog="The first command prepares what is needed in the folder .venv; nothing else is changed unasked.")
    parser.add_argument("--version", action="version", version=f"OBS Avatar {__version__}",
                        help="Tell which version this is, and end.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    start = command("start", "Opens OBS with the avatar on; installs what is missing first.")
    _add_yes(start)
    add_picture_options(start)
    add_driver_options(start)

    setup = command("setup", "Prepares the environment, and tells how to add the script to OBS.")
    _add_yes(setup)
    setup.add_argument("--neural", action="store_true", help="Install what the neural engine needs too, about 1 GB.")

    avatars.add_arguments(command("avatars", "Adds, checks and passes on pictures that move with your face."))

    models.add_arguments(command("models", "Gets and keeps the weights of the neural engine."))

    render = command("render", "Renders a video clip: the face in it moves the avatar. Frame rate and sound are kept.")
    render.add_argument("clip", metavar="DRIVER", help="The video file with the moving face, or a motion file.")
    render.add_argument("-o", "--out", metavar="OUT", required=True, help="The .mp4 file to write.")
    render.add_argument("--report", metavar="FILE", help="Write counts and times of the stages to this file (JSON).")
    render.add_argument("--save-motion", metavar="FILE", help="Write what moved to this .npz file: it holds no picture, "
                        "and can be the DRIVER of another rendering.")
    add_picture_options(render)

    bench_arguments.add_arguments(command("bench", "Measures speed, or with --quality likeness and steadiness."))

    doctor = command("doctor", "Looks whether everything is in place, and tells how to cure what is not.")
    doctor.add_argument("--json", action="store_true", help="Print the findings as JSON.")

    tests = command("test", "Runs the tests, after installing what they need.")
    test.add_arguments(tests)
    tests.add_argument("pytest", nargs="*", metavar="PYTEST_ARGUMENT", help="Passed on to pytest: tests/core -x")
    return parser


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="Install what is missing on the system without asking.")
