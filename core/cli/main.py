"""The command line: `python3 obs_avatar.py COMMAND`.

Up to the point where a command runs, this uses the standard library only, because the environment may not exist yet.
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
"""The exit code that shells give to a program that was ended by Ctrl-C."""


def main(argv: Sequence[str]) -> int:
    """Run the command in `argv` (without the program's name) and return its exit code."""
    _speak_any_language()
    # A command that is terminated from outside cleans up just as it does after Ctrl-C.
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
    except BrokenPipeError:  # the program that reads our output, such as “head”, has closed its end
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
    # The doctor must not change anything: without an environment, it runs outside and says so.
    if arguments.command != "doctor" or environment.is_ready(*needed):
        environment.enter(argv, *needed)


def _speak_any_language() -> None:
    """Make a terminal that cannot show a character print “?” instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    if argv[:1] == ["test"] and not {"-h", "--help"} & set(argv):
        # argparse's subcommands would reorder or reject pytest's arguments, which have to pass through unchanged.
        arguments = test.parse(argv[1:])
        arguments.command, arguments.argv = "test", argv
        return arguments
    arguments = parser.parse_args(argv or ["--help"])
    arguments.argv = argv
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="obs_avatar.py", description="OBS Avatar moves a picture with your face, inside OBS Studio.",
        epilog="The first command you run installs what it needs in the folder .venv. Nothing else is changed without asking.")
    parser.add_argument("--version", action="version", version=f"OBS Avatar {__version__}",
                        help="Tell which version this is, and end.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    start = command("start", "Opens OBS with the avatar on, and first installs whatever is missing.")
    _add_yes(start)
    add_picture_options(start)
    add_driver_options(start)

    setup = command("setup", "Prepares the environment and says how to add the script to OBS.")
    _add_yes(setup)
    setup.add_argument("--neural", action="store_true", help="Also install what the neural engine needs (about 1 GB).")

    avatars.add_arguments(command("avatars", "Adds, checks and shares pictures that move with your face."))

    models.add_arguments(command("models", "Downloads, imports and verifies the weights of the neural engine."))

    render = command("render", "Renders a video in which the face of a clip moves the avatar. Frame rate and sound are kept.")
    render.add_argument("clip", metavar="DRIVER", help="The video file whose face moves the avatar, or a motion file.")
    render.add_argument("-o", "--out", metavar="OUT", required=True, help="The .mp4 file to write.")
    render.add_argument("--report", metavar="FILE",
                        help="Write the number of frames and the time of each stage to this file (JSON).")
    render.add_argument("--save-motion", metavar="FILE", help="Save the motion to this .npz file. It contains no picture "
                        "and can be used as the DRIVER of another rendering.")
    add_picture_options(render)

    bench_arguments.add_arguments(command("bench", "Measures speed or, with --quality, likeness and steadiness."))

    doctor = command("doctor", "Checks that everything is in place, and says how to fix what is not.")
    doctor.add_argument("--json", action="store_true", help="Print the findings as JSON.")

    tests = command("test", "Runs the tests, after installing what they need.")
    test.add_arguments(tests)
    tests.add_argument("pytest", nargs="*", metavar="PYTEST_ARGUMENT", help="Passed on to pytest, for example: tests/core -x")
    return parser


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="Install missing system packages without asking.")
