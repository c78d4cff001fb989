"""Hundreds of applications in one process: what is compiled for one serves them all.

Compiling depends on the text alone, of a template or an address; nothing of an application is
in it. A program that is started has one application, so this is of use to tests only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_compile: Callable[[Rule, bool], Builder] = Rule._compile_builder
_builders: dict[tuple[str, tuple[tuple[bool, str], ...], bool], Builder] = {}


def begin(folder: Path) -> None:
    """Keeps what is compiled: templates in a folder of all test processes, addresses in memory."""
    templates = folder / "templates"
    templates.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(templates))}
    Rule._compile_builder = _compiled  # type: ignore[assignment, method-assign]


def _compiled(rule: Rule, append_unknown: bool = True) -> Builder:
    """What writes an address; the converters are looked up in the rule each time it is called."""
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = rule.rule, tuple(rule._trace), append_unknown
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]
