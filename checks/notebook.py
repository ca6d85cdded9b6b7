"""Run the cells of a notebook in order, and compare their outputs with the stored outputs.

python checks/notebook.py NOTEBOOK            print each difference; fail if there is one
python checks/notebook.py NOTEBOOK --write    store the outputs

The cells run in an empty folder and in this interpreter, so no notebook server is needed. The
outputs of a cell are the text that it prints, and its last expression as text, HTML and SVG.
"""

import ast
import difflib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any


def shown(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Run a cell with the names that earlier ones defined, and return its outputs."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    value, printed = None, StringIO()
    with redirect_stdout(printed):
        exec(compile(ast.Module(body, []), f"cell {number}", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if text := printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": lines(text)})
    if value is not None:
        data = {"text/plain": lines(repr(value))}
        for kind, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
            if hasattr(value, method):
                data[kind] = lines(getattr(value, method)())
        outputs.append(
            {
                "data": data,
                "execution_count": number,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return outputs


def lines(text: str) -> list[str]:
    """Return a text as a list of lines, the form in which a notebook stores it."""
    return text.splitlines(keepends=True)


def run(notebook: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Run a notebook in an empty folder, and yield each code cell with its outputs."""
    here, names = os.getcwd(), {"__name__": "__main__"}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for number, cell in enumerate(cells, 1):
                yield cell, shown("".join(cell["source"]), names, number)
        finally:
            os.chdir(here)


def main(path: str, *options: str) -> int:
    """Run the notebook, and print the differences in outputs or store the new outputs."""
    notebook = json.loads(Path(path).read_text(encoding="utf-8"))
    different = 0
    for number, (cell, outputs) in enumerate(run(notebook), 1):
        if outputs != cell["outputs"]:
            different += 1
            old, new = (
                json.dumps(each, indent=1, ensure_ascii=False).splitlines()
                for each in (cell["outputs"], outputs)
            )
            if "--write" not in options:
                found = difflib.unified_diff(old, new, path, f"cell {number}", lineterm="", n=1)
                print("\n".join(line[:200] for line in found))
        cell |= {"execution_count": number, "outputs": outputs}
    if "--write" in options:
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        Path(path).write_text(text, encoding="utf-8")
        return 0
    wrong = f"the outputs of {different} cells differ; run `make docs`"
    print(f"{path}: {wrong if different else 'ok'}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
