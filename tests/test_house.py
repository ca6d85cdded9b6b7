"""Tests of rules for the source tree, such as layers, imports and sizes of modules."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import relations_kg as rk

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "relations_kg"
MODULES = sorted(SRC.rglob("*.py"))
LONGEST = 350
# Longer modules, each with its reason.
LONG = {}
MOST_IMPORTS_IN_FUNCTIONS = 25
# Docstrings are in the imperative, but these verbs do not describe what a function does.
DIALECT = re.compile(r"(Tell|Say|Hold|Be|Have|Keep)\b")


def inner_imports(path: Path) -> Iterator[int]:
    """Yield the lines on which functions import."""
    tree = ast.parse(path.read_bytes())
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    found = {
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    yield from sorted(found)


def is_explained(lines: list[str], number: int) -> bool:
    """Return whether a comment is beside a line, or above it and the imports before it."""
    above = number - 2
    while re.match(r"\s*(from|import) ", lines[above]):
        above -= 1
    return "  # " in lines[number - 1] or lines[above].lstrip().startswith("# ")


def test_the_guide_lists_the_packages_in_the_order_of_the_layers() -> None:
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    names = " ".join(layers["contracts"][0]["layers"]).replace("|", " ").split()
    folder = Path(rk.__file__).parent
    packages = [name for name in names if (folder / name).is_dir()]
    trees = [ast.parse((folder / name / "__init__.py").read_bytes()) for name in packages]
    docstrings = [(ast.get_docstring(tree) or "").split("\n")[0] for tree in trees]
    expected = [f"| `{name}` | {text} |" for name, text in zip(packages, docstrings, strict=True)]
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("| package | content |")[2]
    assert expected == guide.split("\n\n")[0].strip().split("\n")[1:]


def test_the_whole_run_has_every_file_whose_cases_make_check_leaves_out() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    listed = re.search(r"(?m)^SAMPLED = .*\.py,(.*?)\)\)$", makefile)
    assert listed
    left_out = re.compile(
        r"pytest\.mark\.(whole|sampled)|getoption\(.--whole|trials import .*\bseeds"
    )
    found = {
        path.stem.removeprefix("test_")
        for path in (ROOT / "tests").glob("test_*.py")
        if left_out.search(path.read_text("utf-8"))
    }
    assert found - {*listed[1].split()} == set()


def test_no_test_takes_the_store_of_a_graph_that_tests_share() -> None:
    """Each query of that graph would then start a process; tests use its `quad_store`."""
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")}

    assert [] == [
        name for name, text in texts.items() if re.search(r"\b(kg|china_peru)\.store\b", text)
    ]


@pytest.mark.slow
def test_few_imports_are_inside_functions_and_each_has_its_reason() -> None:
    found, unexplained = [], []
    for path in MODULES:
        lines = path.read_text("utf-8").split("\n")
        for number in inner_imports(path):
            place = f"{path.relative_to(SRC)}:{number}: {lines[number - 1].strip()}"
            found.append(place)
            if not is_explained(lines, number):
                unexplained.append(place)

    assert len(found) <= MOST_IMPORTS_IN_FUNCTIONS, "\n".join(found)
    assert [] == unexplained


def test_the_modules_of_a_package_that_are_imported_at_first_use_exist() -> None:
    if not MODULES:
        pytest.skip("the package is installed, and its source is not here")
    listed = [
        path.parent / f"{name}.py"
        for path in MODULES
        if path.name == "__init__.py"
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call) and "lazy" == ast.unparse(call.func)
        for name in ast.literal_eval(call.args[1]).split()
    ]

    assert len(listed) > 5
    assert [] == [path for path in listed if not path.is_file()]


def test_modules_are_short_unless_a_reason_is_given() -> None:
    sizes = {path.relative_to(SRC).as_posix(): path.read_bytes().count(b"\n") for path in MODULES}

    assert set() == {name for name, size in sizes.items() if size > LONGEST} - set(LONG)


@pytest.mark.slow
def test_docstrings_begin_with_what_a_function_does() -> None:
    found = [
        f"{path.relative_to(SRC)}: {text.splitlines()[0]}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and (text := ast.get_docstring(node))
        and DIALECT.match(text)
    ]

    assert [] == found


def engine_iterator(value: ast.expr, aliases: set[str]) -> bool:
    """Return whether an expression makes an iterator of the engine, or one that reads from it.

    `aliases` are the names of functions that find quads.
    """
    if isinstance(value, ast.GeneratorExp):
        return any(engine_iterator(each.iter, aliases) for each in value.generators)
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func)
    return (
        called in aliases
        or re.search(r"(?i)store(\(\))?\.(quads_for_pattern|query)$", called) is not None
        or (
            called in ("statements", "chain", "islice", "map", "filter", "iter")
            and any(engine_iterator(each, aliases) for each in value.args)
        )
    )


def held_iterators(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the assignments of the engine's iterators to variables that are not freed."""
    nodes = [*ast.walk(scope)]
    freed = {
        ast.unparse(name) for node in nodes if isinstance(node, ast.Delete) for name in node.targets
    }
    assignments = []
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
            else:
                pairs = zip([target], [node.value], strict=True)
            assignments += [(node, ast.unparse(name), value) for name, value in pairs]
    aliases = {
        name
        for _, name, value in assignments
        if isinstance(value, ast.Attribute) and value.attr == "quads_for_pattern"
    }
    for node, name, value in assignments:
        if name not in freed and engine_iterator(value, aliases):
            yield node


@pytest.mark.slow
def test_no_variable_holds_an_iterator_of_the_engine() -> None:
    """An error keeps the variables of its frame, and another thread may free them; the engine's
    iterators must be freed in the thread that made them."""
    found = {
        f"{path.relative_to(SRC)}:{node.lineno}: {ast.unparse(node)}"  # type: ignore[attr-defined]
        for path in MODULES
        for scope in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(scope, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef)
        for node in held_iterators(scope)
    }

    assert set() == found


def test_imports_go_down_the_layers_and_never_in_a_circle() -> None:
    pytest.importorskip("importlinter")
    command = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert 0 == result.returncode, result.stdout
