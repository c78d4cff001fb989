"""The rules of the layout hold, and each would notice a breach."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, UUIDConverter
from werkzeug.routing import Rule as Route

from rankings import migrating
from rankings.app import create_app
from rankings.settings import Settings
from rankings.web.access import RIGHTS
from tests.architecture_rules import RULES, Module, Rule, telling_name

ROOT = Path(__file__).resolve().parent.parent
MODULES = [
    Module(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    for folder in ("rankings", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence)
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    covered = [module for module in MODULES if rule.covers(module.path)]
    assert [f"{one.path}: {breach}" for one in covered for breach in rule.check(one)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence)
def test_the_rule_would_notice_a_breach(rule: Rule) -> None:
    assert list(rule.check(Module(f"{rule.where[0]}any.py", rule.breach)))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("the clock is read at the edges", "from time import time"),
        ("the clock is read at the edges", "made_at: Any = Field(default_factory=datetime.now)"),
        ("a GET opens reading and a POST opens a transaction", "@p.route('/')\ndef f(): ..."),
        ("a GET opens reading and a POST opens a transaction", "@p.post('/')\ndef f(): reading()"),
        ("modules and functions are short", "\n" * 301),
        ("nothing catches everything", "try:\n    pass\nexcept (OSError, Exception):\n    pass"),
    ],
)
def test_other_breaches_are_noticed_too(sentence: str, source: str) -> None:
    rule = next(rule for rule in RULES if rule.sentence == sentence)
    assert list(rule.check(Module("any.py", source)))


def test_no_module_is_named_after_nothing() -> None:
    assert [one.path for one in MODULES for _ in telling_name(one)] == []
    assert list(telling_name(Module("rankings/utils.py", "")))


@pytest.mark.parametrize(
    ("imported", "absent"),
    [
        ("rankings.scoring.rubric", {"flask", "sqlalchemy", "openpyxl"}),
        ("rankings.bootstrap", {"flask", "sqlalchemy", "click"}),
    ],
)
def test_importing_the_inside_does_not_load_the_outside(imported: str, absent: set[str]) -> None:
    code = f"import sys, {imported}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert not absent & set(done.stdout.split())


def unguarded(app: Flask) -> list[str]:
    """Routes that are missing in the table of who may use them."""
    return [name for name in app.view_functions if name not in RIGHTS]


def open_posts(app: Flask) -> list[str]:
    """Routes that take a POST without a token."""
    return [rule.rule for rule in app.url_map.iter_rules() if changes(rule) and takes(app, rule)]


def changes(rule: Route) -> set[str]:
    return {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())


def takes(app: Flask, rule: Route) -> bool:
    values = {name: value_for(converter) for name, converter in rule._converters.items()}
    url = app.url_map.bind("localhost").build(rule.endpoint, values, changes(rule).pop())
    return app.test_client().open(url, method=changes(rule).pop()).status_code != 400


def value_for(converter: BaseConverter) -> object:
    known = {IntegerConverter: 1, UUIDConverter: UUID(int=1), AnyConverter: "en"}
    return known.get(type(converter), "any")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    settings = Settings.demonstration(tmp_path)
    application = create_app(settings)
    migrating.upgrade(application.extensions["engine"])
    yield application
    application.extensions["engine"].dispose()


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    assert unguarded(app) == []


def test_every_post_refuses_without_a_token(app: Flask) -> None:
    assert open_posts(app) == []


@pytest.fixture
def careless() -> Flask:
    """An application whose only route forgot everything."""
    app = Flask("careless")
    app.secret_key = "test"
    app.add_url_rule("/<int:number>/<word>", "open", lambda **_: "", methods=["POST"])
    return app


def test_a_careless_route_is_noticed(careless: Flask) -> None:
    assert unguarded(careless) == ["open"]
    assert open_posts(careless) == ["/<int:number>/<word>"]


def test_a_guarded_post_is_not_blamed(careless: Flask) -> None:
    CSRFProtect(careless)
    assert open_posts(careless) == []
