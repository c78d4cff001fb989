"""The rules of the layout, as functions over one module's path and syntax tree."""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import PurePath

LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "func": {"now", "current_timestamp", "current_date"},
    "time": {"time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime", "ctime"},
}
INSIDE, ONE_USE_CASE = (
    ("rankings.usecases", "rankings.models", "rankings.db"),
    "rankings.usecases.editions",
)
EDGES = ("rankings.web", "rankings.app", "rankings.cli", "rankings.scheduler")

Breaches = Iterator[str]


@dataclass(frozen=True)
class Module:
    """One file of source."""

    path: str
    source: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def imports(self) -> list[str]:
        """Full dotted names: `from a import b` is a.b."""
        return list(chain.from_iterable(map(_imported, ast.walk(self.tree))))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def is_below(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def only(*packages: str) -> Callable[[Module], Breaches]:
    """Imports nothing but the standard library and these."""

    def check(module: Module) -> Breaches:
        for name in module.imports:
            if not is_below(name, *sys.stdlib_module_names, *packages):
                yield f"imports {name}"

    return check


def never(*packages: str) -> Callable[[Module], Breaches]:
    """Imports none of these."""

    def check(module: Module) -> Breaches:
        yield from (f"imports {name}" for name in module.imports if is_below(name, *packages))

    return check


def one_use_case(module: Module) -> Breaches:
    inside = [name for name in module.imports if is_below(name, *INSIDE)]
    yield from (f"imports {name}" for name in inside if not is_below(name, ONE_USE_CASE))


def no_transaction(module: Module) -> Breaches:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _called(node) in {"commit", "rollback", "begin"}:
            yield f"line {node.lineno} calls {_called(node)}"


def no_clock(module: Module) -> Breaches:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            base = ast.unparse(node.value).rpartition(".")[2]
            if node.attr in CLOCKS.get(base, ()):
                yield f"line {node.lineno} reads {base}.{node.attr}"
    for name in module.imports:
        if name.removeprefix("time.") in CLOCKS["time"] and name.startswith("time."):
            yield f"imports {name}"


def transactions_by_method(module: Module) -> Breaches:
    for view in functions(module):
        methods = {_called(decorator) for decorator in view.decorator_list}
        used = {ast.unparse(node).rpartition(".")[2] for node in ast.walk(view) if _is_name(node)}
        if "route" in methods:
            yield f"{view.name}: say .get or .post instead of .route"
        if "get" in methods and "transaction" in used:
            yield f"{view.name}: a GET opens a transaction"
        if "post" in methods and "reading" in used:
            yield f"{view.name}: a POST opens only reading"


def _called(node: ast.expr) -> str:
    """The name after the dot of what is called."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else ""


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def short(module: Module) -> Breaches:
    lines = len(module.source.splitlines())
    if lines > LONGEST_MODULE:
        yield f"has {lines} lines"
    for function in functions(module):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > LONGEST_FUNCTION:
            yield f"{function.name} has {length} lines"


def explained(module: Module) -> Breaches:
    if not ast.get_docstring(module.tree):
        yield "has no docstring"


def no_late_annotations(module: Module) -> Breaches:
    if "__future__.annotations" in module.imports:
        yield "postpones annotations, which breaks relationships"


def no_field_list(module: Module) -> Breaches:
    if any(name.endswith(".FieldList") for name in module.imports):
        yield "imports FieldList, which moves answers to other rows"


def no_broad_except(module: Module) -> Breaches:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
            yield f"line {node.lineno} catches everything"


def _is_broad(caught: ast.expr | None) -> bool:
    names = {"Exception", "BaseException"}
    return caught is None or any(
        isinstance(node, ast.Name) and node.id in names for node in ast.walk(caught)
    )


def telling_name(module: Module) -> Breaches:
    if PurePath(module.path).stem in {"utils", "util", "helpers", "common", "misc"}:
        yield "is named after nothing"


@dataclass(frozen=True)
class Rule:
    """What holds, for which files, how it is checked, and a breach that must be found."""

    sentence: str
    where: tuple[str, ...]
    check: Callable[[Module], Breaches]
    breach: str
    exempt: tuple[str, ...] = ()

    def covers(self, path: str) -> bool:
        return path.startswith(self.where) and path not in self.exempt


SCORING, MODELS, USECASES = "rankings/scoring/", "rankings/models/", "rankings/usecases/"
ADAPTERS, WEB, PUBLIC = "rankings/adapters/", "rankings/web/", "rankings/web/public.py"
ALL, TESTS = "rankings/", "tests/"

RULES = (
    Rule(
        "scoring knows the standard library and NumPy only",
        (SCORING,),
        only("numpy", "rankings.scoring"),
        "from flask import Flask",
    ),
    Rule(
        "models know tables only",
        (MODELS,),
        only("sqlmodel", "sqlalchemy", "rankings.models"),
        "from rankings import db",
    ),
    Rule(
        "use cases know no web, no adapter, no engine",
        (USECASES,),
        never("flask", "wtforms", "openpyxl", "rankings.adapters", "rankings.db", *EDGES),
        "from rankings.adapters import mail",
    ),
    Rule(
        "adapters know no table and no use case",
        (ADAPTERS,),
        never(
            *("flask", "sqlmodel", "sqlalchemy", "rankings.db"),
            *("rankings.models", "rankings.usecases", *EDGES),
        ),
        "from rankings.models import Association",
    ),
    Rule(
        "the scheduler knows no Flask",
        ("rankings/scheduler.py",),
        never("flask", "rankings.web", "rankings.app"),
        "import flask",
    ),
    Rule(
        "public pages know the use case editions and nothing else of the inside",
        (PUBLIC,),
        one_use_case,
        "from rankings.usecases import editions, complaints",
    ),
    Rule(
        "only db.py begins or ends a transaction",
        (ALL,),
        no_transaction,
        "session.commit()",
        exempt=("rankings/db.py",),
    ),
    Rule(
        "the clock is read at the edges",
        (SCORING, USECASES, ADAPTERS, MODELS),
        no_clock,
        "import datetime\nmoment = datetime.datetime.now(datetime.UTC)",
    ),
    Rule(
        "a GET opens reading and a POST opens a transaction",
        (WEB,),
        transactions_by_method,
        "@pages.get('/')\ndef front():\n    with transaction() as session:\n        pass",
    ),
    Rule(
        "modules and functions are short",
        (ALL, TESTS),
        short,
        "def long():\n" + "    pass\n" * LONGEST_FUNCTION,
    ),
    Rule("every module says what it is", (ALL, TESTS), explained, "x = 1"),
    Rule(
        "models do not postpone annotations",
        (MODELS,),
        no_late_annotations,
        "from __future__ import annotations",
    ),
    Rule("no form has a FieldList", (ALL,), no_field_list, "from wtforms import FieldList"),
    Rule(
        "nothing catches everything",
        (ALL,),
        no_broad_except,
        "try:\n    pass\nexcept Exception:\n    pass",
    ),
    Rule("no test mocks", (TESTS,), never("unittest.mock", "mock"), "from unittest import mock"),
)
