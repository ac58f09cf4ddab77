"""From what people write in Python to the YAML that the operator language is.

Numbers stay exact on the way: `0.1` is written as such and read as 1/10, fractions as `1/3`. JSON is YAML, so values are
written as JSON, one key a line, and mistakes are underlined in lines of a readable length.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Number, Rational
from pathlib import Path
from typing import Any

from . import _jetc

#: is a built-in, name, text, folder of files that it names, parameters as texts
Found = tuple[bool, str, str, str, list[tuple[str, str]]]


def builtins() -> dict[str, str]:
    """The built-in operators: names and equations."""
    return dict(_jetc.builtins())


def operator(source: Any, *, coordinates: Any, fields: Any, parameters: Any, unknown: Any, name: Any) -> Found:
    """What `Operator(source, ...)` means."""
    declared = {"coordinates": coordinates, "fields": fields, "parameters": parameters, "unknown": unknown}
    declared = {key: value for key, value in declared.items() if value is not None}
    is_formula = coordinates is not None
    if is_formula:
        formulas = source if isinstance(source, Mapping) else {"residual": source}
        return False, name or "operator", document({**declared, "outputs": formulas}), "", []
    if isinstance(source, str) and source in builtins():
        if left := declared.keys() - {"parameters"}:
            raise TypeError(f"the built-in operator {source!r} declares its own {', '.join(sorted(left))}")
        return True, source, "", "", texts(parameters)
    if isinstance(source, str) and not is_text(source) and not is_file_name(source):
        raise ValueError(unknown_operator(source))
    if left := declared.keys() - {"parameters"}:
        raise TypeError(f"an operator file declares its own {', '.join(sorted(left))}")
    found = operator_file(source, parameters)
    return (False, name, *found[2:]) if name else found


def operator_file(source: Any, parameters: Any = None) -> Found:
    """What `Operator.from_yaml(source)` means."""
    name, text, folder = read(source, "operator")
    return False, name, text, folder, texts(parameters)


def read(source: Any, kind: str) -> tuple[str, str, str]:
    """The name, the text and the folder of a file: from its path, its text, or a mapping of what it would say."""
    if isinstance(source, Mapping):
        return kind, document(source), ""
    if isinstance(source, os.PathLike) or (isinstance(source, str) and not is_text(source)):
        path = Path(os.fspath(source))
        return str(path), path.read_text(encoding="utf-8"), str(path.parent.resolve())
    if isinstance(source, str):
        return kind, source, ""
    raise TypeError(f"an {kind} is a text, a path or a dict, not {type(source).__name__}")


def is_text(source: str) -> bool:
    """Whether it is YAML rather than the name of a file."""
    return "\n" in source or ": " in source or source.lstrip().startswith("{")


def is_file_name(source: str) -> bool:
    return source.lower().endswith((".yaml", ".yml", ".json")) or os.path.isfile(source)


def unknown_operator(source: str) -> str:
    known = ", ".join(builtins())
    guess = _jetc.suggest(source)
    guess = f"; {guess}" if guess else ""
    return (
        f"{source!r} is neither a built-in operator{guess} nor a file; a formula needs its coordinates, as in "
        f'Operator("u_t - u_xx", coordinates=["x", "t"]) (built-in are {known})'
    )


def document(mapping: Mapping[str, Any]) -> str:
    """The mapping as YAML: one key a line, and one line for each output."""
    lines = []
    for key, value in mapping.items():
        if key == "outputs" and isinstance(value, Mapping):
            lines.append(f"{key}:")
            lines.extend(f"  {word(name)}: {word(formula)}" for name, formula in value.items())
        else:
            lines.append(f"{word(key)}: {flow(value)}")
    return "\n".join(lines) + "\n"


def word(value: Any) -> str:
    """Names and formulas as people write them, without quotes where YAML needs none."""
    return value if isinstance(value, str) and PLAIN.fullmatch(value) and value not in WORDS else flow(value)


#: No sign that YAML has a use for.
PLAIN = re.compile(r"[A-Za-z_(][\w()+*/^=.,<> -]*(?<! )")
#: What YAML takes for no text.
WORDS = {"true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL"}


def flow(value: Any) -> str:
    return json.dumps(value, default=exact, ensure_ascii=False)


def exact(value: Any) -> Any:
    """What JSON has no word for: fractions and decimals as texts, numbers of numpy as Python's."""
    if isinstance(value, Rational):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} has no place in an operator")


def texts(parameters: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Values of parameters as texts that are read exactly."""
    return [(name, number(value)) for name, value in (parameters or {}).items()]


def number(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, Decimal | Number) or hasattr(value, "__float__"):
        return str(value)
    raise TypeError(f"a parameter is a number or a text such as '1/3', not {type(value).__name__}")
