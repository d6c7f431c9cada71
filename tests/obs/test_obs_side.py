"""What OBS loads: any Python from 3.8 on reads it, and it needs nothing that OBS's Python has not got."""

import ast
import sys

import pytest

from core.shared import places

LOADED_BY_OBS = sorted([places.ROOT / "obs_avatar.py", places.ROOT / "core" / "__init__.py",
                        *(file for room in ("obs", "link", "shared") for file in places.ROOT.glob(f"core/{room}/**/*.py"))])


@pytest.mark.parametrize("path", LOADED_BY_OBS, ids=lambda path: path.name)
def test_the_oldest_python_that_obs_may_bring_can_read_it(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python cannot list its standard library before 3.10")
@pytest.mark.parametrize("path", LOADED_BY_OBS, ids=lambda path: path.name)
def test_it_needs_the_standard_library_only(path):
    foreign = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            foreign |= {alias.name.split(".")[0] for alias in node.names} - set(sys.stdlib_module_names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            foreign |= {node.module.split(".")[0]} - set(sys.stdlib_module_names)
    # In a terminal the same file goes on with the command line, which may need anything.
    assert foreign <= ({"core"} if path.name == "obs_avatar.py" else set())
