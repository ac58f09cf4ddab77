"""A page on what is in the files: the types of the nodes, and the exports that failed."""

from collections import defaultdict

import onnx

import files

HEAD = """# Types of nodes in the reference models

`tests/oracle/models/export.py` writes this page.

| type | files | opsets |
|---|---:|---|
"""

FAILED = """
## Exports that failed

| case | exporter | opset | what it said |
|---|---|---:|---|
"""


def markdown(directory, failures):
    opsets = defaultdict(list)
    for path in sorted(directory.glob("*/*.onnx")):
        if path.parent.name == "hostile":
            continue
        model = onnx.load(path, load_external_data=False)
        for kind in files.count_types(model):
            opsets[kind].append(files.opset(model))
    rows = [
        f"| {kind} | {len(versions)} | {', '.join(map(str, sorted(set(versions))))} |\n"
        for kind, versions in sorted(opsets.items())
    ]
    failed = [f"| {' | '.join(map(str, failure))} |\n" for failure in failures]
    return HEAD + "".join(rows) + (FAILED + "".join(failed) if failed else "")
