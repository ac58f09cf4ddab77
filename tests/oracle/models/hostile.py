"""Files that jetc must refuse in a clear error: broken, unsafe, or beyond what it can do.

To regenerate them, in the environment that `export.py` describes:

    python tests/oracle/models/hostile.py

The script writes `tests/data/models/hostile/`, with a README that says what is
wrong with each file. All of them are small; some describe much more than they hold.
"""

import numpy as np
import onnx

from files import OUTPUT
from hostile_bytes import BROKEN
from hostile_graphs import GRAPHS
from hostile_tensors import TENSORS

HEAD = """# Files to refuse

`tests/oracle/models/hostile.py` writes these files. Each must end in an error that
says what is wrong, within bounded time and memory, and without reading other files.

| file | what is wrong |
|---|---|
"""


def main():
    directory = OUTPUT / "hostile"
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.iterdir():
        old.unlink()
    rows = []
    for make in BROKEN + TENSORS + GRAPHS:
        made = make()
        content = made.SerializeToString() if isinstance(made, onnx.ModelProto) else made
        name = make.__name__.replace("_", "-") + ".onnx"
        (directory / name).write_bytes(content)
        reason = " ".join(make.__doc__.split())
        rows.append(f"| `{name}` | {reason} |\n")
        print(f"{name}: {len(content)} bytes")
    (directory / "short.data").write_bytes(np.ones(2).tobytes())
    (directory / "README.md").write_text(HEAD + "".join(rows))


if __name__ == "__main__":
    main()
