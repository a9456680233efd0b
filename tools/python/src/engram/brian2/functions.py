"""Functions that a script defines, as formulas in the model text."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS
from brian2.core.namespace import DEFAULT_UNITS
from brian2.units.fundamentalunits import Quantity, Unit

from ..running.values import dimension_of, unit_text

_SAME = {"absolute": "abs", "fabs": "abs", "arcsin": "arcsin", "power": "pow"}
_DRAWN = frozenset({"rand", "randn", "poisson"})
_OPERATORS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.USub: "-", ast.UAdd: "+", ast.Not: "not ",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip


class NoFormula(Exception):
    """Why a function is none."""


@dataclass(frozen=True)
class Formula:
    """A function as text: ``{0}``, ``{1}``, … are its arguments."""

    name: str
    count: int
    text: str

    def into(self, code: str) -> str:
        """Model text with each call of the function replaced by its formula, innermost calls first."""
        while True:
            calls = list(re.finditer(rf"\b{re.escape(self.name)}\s*\(", code))
            if not calls:
                return code
            found = calls[-1]
            arguments, end = _arguments(code, found.end())
            if len(arguments) != self.count:
                raise NoFormula(f"it takes {self.count} arguments and is called with {len(arguments)}")
            code = code[: found.start()] + self.text.format(*(f"({word})" for word in arguments)) + code[end:]


def _arguments(code: str, start: int) -> tuple[list[str], int]:
    """The arguments of a call whose parenthesis has just been opened, and the place behind it."""
    depth, begin, found = 0, start, []
    for place in range(start, len(code)):
        if code[place] in "([":
            depth += 1
        elif depth and code[place] in ")]":
            depth -= 1
        elif code[place] == "," and not depth:
            found.append(code[begin:place].strip())
            begin = place + 1
        elif code[place] == ")":
            return [*found, code[begin:place].strip()], place + 1
    raise NoFormula("one of its calls has no closing parenthesis")


def formula(name: str, function: Any) -> Formula:
    """The formula of a function of Brian 2. Raises :class:`NoFormula`."""
    if function.auto_vectorise:
        raise NoFormula("it gives something else for each element and time")
    if name in DEFAULT_FUNCTIONS:
        raise NoFormula("it has the name of a function of the language")
    python = getattr(function.pyfunc, "_orig_func", function.pyfunc)
    reason = "its Python code cannot be read"
    try:
        return _of_python(name, python, function)
    except NoFormula as problem:
        reason = str(problem)
    for target, find in (("cpp", _of_c), ("cython", _of_cython)):
        code = _code(function, target)
        if code is not None:
            return find(name, code, function)
    raise NoFormula(reason)


def _code(function: Any, target: str) -> str | None:
    from brian2.codegen.targets import codegen_targets

    wanted = next((kind for kind in codegen_targets if kind.class_name == target), None)
    found = getattr(function.implementations, "_implementations", {})
    code = found.get(target) or (found.get(wanted) if wanted is not None else None)
    text = getattr(code, "_code", None)
    if isinstance(text, dict):
        text = text.get("support_code") or text.get("function_code")
    return text if isinstance(text, str) else None


def _of_python(name: str, python: Any, function: Any) -> Formula:
    try:
        source = textwrap.dedent(inspect.getsource(python))
        parameters = list(inspect.signature(python).parameters)
    except (OSError, TypeError, ValueError):
        raise NoFormula("its Python code cannot be read") from None
    names = dict(getattr(python, "__globals__", {}))
    names.update(inspect.getclosurevars(python).nonlocals)
    drops_units = False
    numpy_code = getattr(getattr(function.implementations, "_implementations", {}).get("numpy"), "_code", None)
    if numpy_code is not None and getattr(numpy_code, "__code__", None) is getattr(python, "__code__", ()):
        drops_units = True
    reader = _Reader(parameters, names, drops_units)
    tree = ast.parse(_one_function(source))
    node = next((item for item in ast.walk(tree) if isinstance(item, (ast.FunctionDef, ast.Lambda))), None)
    if node is None:
        raise NoFormula("its Python code cannot be read")
    text = reader.expression(node.body) if isinstance(node, ast.Lambda) else reader.body(node.body)
    return (
        _with_units(name, text, len(parameters), function)
        if drops_units
        else Formula(name, len(parameters), f"({text})")
    )


def _one_function(source: str) -> str:
    """The text of a function; a lambda is taken out of the line that it stands in."""
    try:
        ast.parse(source)
    except SyntaxError:
        place = source.find("lambda")
        for end in range(len(source), place, -1):
            try:
                ast.parse(source[place:end])
            except SyntaxError:
                continue
            return source[place:end]
        raise NoFormula("its Python code cannot be read") from None
    return source


def _of_c(name: str, code: str, function: Any) -> Formula:
    found = re.search(rf"\b{re.escape(name)}\s*\((?P<given>[^)]*)\)\s*(?:const\s*)?\{{(?P<body>.*)\}}", code, re.DOTALL)
    if found is None:
        raise NoFormula("its C++ code cannot be read")
    body = re.sub(r"//[^\n]*|/\*.*?\*/", " ", found["body"], flags=re.DOTALL)
    only = re.fullmatch(r"\s*return\s+(?P<value>[^;{}]+);\s*", body)
    if only is None:
        raise NoFormula("its C++ code is more than one return; give the same in Python as a formula")
    value = re.sub(r"!(?!=)", " not ", only["value"].replace("&&", " and ").replace("||", " or "))
    value = re.sub(r"\bstd::|\(\s*(?:double|float|int)\s*\)|(?<=\d)f\b", "", value)
    if "?" in value:
        value = _choice(value)
    parameters = [re.split(r"[\s&*]+", word.strip())[-1] for word in found["given"].split(",") if word.strip()]
    return _plain(name, value, parameters, function)


def _choice(value: str) -> str:
    """``a ? b : c`` as Python says it."""
    condition, _, rest = value.partition("?")
    if rest.count("?") or rest.count(":") != 1:
        raise NoFormula("its C++ code has a choice within a choice")
    yes, _, no = rest.partition(":")
    return f"({yes}) if ({condition}) else ({no})"


def _of_cython(name: str, code: str, function: Any) -> Formula:
    found = re.search(rf"\b{re.escape(name)}\s*\((?P<given>[^)]*)\)[^:]*:\s*(?P<body>.*)", code, re.DOTALL)
    only = re.fullmatch(r"return\s+(?P<value>[^\n]+)\s*", found["body"].strip()) if found is not None else None
    if found is None or only is None:
        raise NoFormula("its Cython code is more than one return; give the same in Python as a formula")
    parameters = [word.strip().split(" ")[-1] for word in found["given"].split(",") if word.strip()]
    return _plain(name, only["value"], parameters, function)


def _plain(name: str, value: str, parameters: list[str], function: Any) -> Formula:
    """Compiled code: it works on plain numbers in base units."""
    try:
        node = ast.parse(value.strip(), mode="eval").body
    except SyntaxError:
        raise NoFormula(f"its code '{value.strip()}' is no formula") from None
    return _with_units(name, _Reader(parameters, {}, True).expression(node), len(parameters), function)


def _with_units(name: str, text: str, count: int, function: Any) -> Formula:
    """Takes the units of arguments off, and puts that of the result on."""
    units = list(function._arg_units or [1] * count)
    for number, unit in enumerate(units):
        word = _base_unit(unit)
        if word:
            text = text.replace(f"{{{number}}}", f"({{{number}}}/({word}))")
    result = function._return_unit
    if callable(result) and not isinstance(result, (Quantity, type)):
        raise NoFormula("its unit depends on those of its arguments")
    word = "" if result is bool else _base_unit(result)
    return Formula(name, count, f"(({text})*({word}))" if word else f"({text})")


def _base_unit(unit: Any) -> str:
    if unit is None or isinstance(unit, (str, bool)):
        return ""
    return unit_text(dimension_of(unit)) if isinstance(unit, (Quantity, Unit)) else ""


class _Reader:
    """Reads Python that computes one value, as model text."""

    def __init__(self, parameters: list[str], names: dict[str, Any], drops_units: bool) -> None:
        self._words = {name: f"{{{number}}}" for number, name in enumerate(parameters)}
        self._names = names
        self._drops_units = drops_units

    def body(self, lines: list[ast.stmt]) -> str:
        for number, line in enumerate(lines):
            if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
                continue  # its description
            if isinstance(line, ast.Return) and line.value is not None:
                return self.expression(line.value)
            if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
                self._words[line.targets[0].id] = f"({self.expression(line.value)})"
                continue
            if isinstance(line, ast.If):
                condition = self.expression(line.test)
                kept = dict(self._words)
                yes = self.body(line.body)
                self._words = kept
                return _either(condition, yes, self.body(line.orelse or lines[number + 1 :]))
            raise NoFormula(f"its line {line.lineno} is more than a formula: '{ast.unparse(line).splitlines()[0]}'")
        raise NoFormula("it does not return a value in every case")

    def expression(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return repr(node.value)
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return f"({self.expression(node.left)}{_OPERATORS[type(node.op)]}{self.expression(node.right)})"
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            word = "and" if isinstance(node.op, ast.BitAnd) else "or"
            return f"({self.expression(node.left)} {word} {self.expression(node.right)})"
        if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
            return f"({_OPERATORS[type(node.op)]}{self.expression(node.operand)})"
        if isinstance(node, ast.Compare) and all(type(word) in _OPERATORS for word in node.ops):
            sides = [self.expression(side) for side in (node.left, *node.comparators)]
            pairs = zip(sides[:-1], node.ops, sides[1:], strict=True)
            return "(" + " and ".join(f"({one} {_OPERATORS[type(word)]} {other})" for one, word, other in pairs) + ")"
        if isinstance(node, ast.BoolOp):
            return "(" + f" {_OPERATORS[type(node.op)]} ".join(self.expression(value) for value in node.values) + ")"
        if isinstance(node, ast.IfExp):
            return _either(self.expression(node.test), self.expression(node.body), self.expression(node.orelse))
        if isinstance(node, ast.Attribute):
            return self._value(ast.unparse(node), self._found(node))
        if isinstance(node, ast.Call) and not node.keywords:
            return self._call(node)
        raise NoFormula(f"'{ast.unparse(node)}' is no formula")

    def _call(self, node: ast.Call) -> str:
        word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [self.expression(argument) for argument in node.args]
        if word == "where" and len(given) == 3:
            return _either(*given)
        if word in ("maximum", "fmax", "max") and len(given) == 2:
            return _either(f"({given[0]} > {given[1]})", *given)
        if word in ("minimum", "fmin", "min") and len(given) == 2:
            return _either(f"({given[0]} < {given[1]})", *given)
        if word in ("pow", "power") and len(given) == 2:
            return f"({given[0]}**{given[1]})"
        word = _SAME.get(word, word)
        if word not in DEFAULT_FUNCTIONS or word in _DRAWN:
            raise NoFormula(f"it calls '{ast.unparse(node.func)}'")
        return f"{word}({', '.join(given)})"

    def _name(self, word: str) -> str:
        if word in self._words:
            return self._words[word]
        if word in self._names:
            return self._value(word, self._names[word])
        if word in DEFAULT_CONSTANTS or (word in DEFAULT_UNITS and not self._drops_units):
            return word
        raise NoFormula(f"'{word}' is not known there")

    def _found(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Attribute):
            return getattr(self._found(node.value), node.attr, None)
        return self._names.get(node.id) if isinstance(node, ast.Name) else None

    def _value(self, word: str, value: Any) -> str:
        """A constant of the script."""
        if (
            isinstance(value, (bool, np.bool_))
            or not isinstance(value, (int, float, np.number, Quantity))
            or np.ndim(value)
        ):
            raise NoFormula(f"it uses '{word}', which is no number")
        unit = "" if self._drops_units else unit_text(dimension_of(value))
        number = repr(int(value)) if isinstance(value, (int, np.integer)) else repr(float(value))
        return f"({number}*{unit})" if unit else f"({number})"


def _either(condition: str, yes: str, no: str) -> str:
    """A choice between two numbers: the language has none, so one of them is multiplied by 0."""
    return f"(int({condition})*{yes} + int(not {condition})*{no})"
