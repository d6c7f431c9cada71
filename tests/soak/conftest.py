"""The soak needs a real OBS, and says at the end what it has measured."""

from ..in_obs.conftest import _LEFT_OUT

collect_ignore_glob = ["test_*.py"] if _LEFT_OUT else []


def pytest_terminal_summary(terminalreporter):
    if not collect_ignore_glob:
        from .test_soak import figures
        if figures:
            terminalreporter.section("the soak: at the start, at the end")
            for name, value in figures.items():
                terminalreporter.line(f"{name}: {value if not isinstance(value, tuple) else f'{value[0]:g} -> {value[1]:g}'}")
