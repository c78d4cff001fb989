"""The page on checking: what it says to type is typed here, and it holds."""

import html
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rankings.adapters import key_files, key_roots, signature
from rankings.adapters.key_roots import Root
from tests import key_chains
from tests.key_chains import signed
from tests.machine_parts import missing
from tests.web.asking import seen, there
from tests.web.conftest import Start
from tests.web.small import CODE, Small

PAGE = "/alpha/en/check"
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def commands(client: FlaskClient) -> list[str]:
    text = there(client, PAGE).text
    return [html.unescape(one) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)]


def downloaded(client: FlaskClient, folder: Path) -> list[str]:
    """Everything that the page offers, under the names that a browser gives it."""
    names = []
    for link in seen(client, PAGE).all("a"):
        answer = there(client, str(link.attributes["href"]))
        found = re.search(r"filename=(\S+)", answer.headers.get("Content-Disposition", ""))
        name = found[1] if found else ""
        if "download" in link.attributes:
            name = str(link.attributes["href"]).rpartition("/")[2].partition("?")[0]
        if name:
            (folder / name).write_bytes(answer.data)
            names.append(name)
    return names


def typed(command: str, folder: Path) -> str:
    """What a terminal answers; the command must end well."""
    line = command.replace("python3", sys.executable, 1)
    shell = ["bash", "-o", "pipefail", "-c", line]
    try:
        done = subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        missing("bash")
    if done.returncode == 127:
        missing("openssl or unzip")
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def rooted(alpha: Small) -> Sequence[Root]:
    """The association's first root, taken."""
    used = key_roots.public_hex(signature.public(alpha.settings.keys, CODE))
    root = key_chains.first_root()
    key = key_roots.EditionKey(used, root.editions[0].first)
    made = Root(CODE, 1, root.holders, (key,))
    key_files.keep_root(alpha.settings.keys, signed(made, "a", "b"))
    return key_files.roots(alpha.settings.keys, CODE)


@on_sqlite
@pytest.mark.parametrize("with_root", [True, False], ids=["with a root", "with one key"])
def test_every_command_on_the_page_works_as_it_stands(
    alpha: Small, start: Start, tmp_path: Path, with_root: bool
) -> None:
    alpha.publish()
    if with_root:
        rooted(alpha)
    client, folder = start(alpha.settings), tmp_path / "downloads"
    folder.mkdir()
    names = downloaded(client, folder)
    assert len(names) == 4
    assert {"alpha-2026-1-edition.zip", "alpha-notice.json", "verify_edition.py"} < set(names)
    said = [typed(command, folder) for command in commands(client)]
    page = there(client, PAGE).text
    assert "newest: yes" in said[0]
    assert "Signature Verified Successfully" in said[3]
    digests = [re.search(r"= ([0-9a-f]{64})$", one.strip()) for one in (said[2], *said[4:])]
    for digest in digests:
        assert digest is not None
        assert f"<code>{digest[1]}</code>" in page
    assert len(set(digests)) == 7


@on_sqlite
def test_an_edition_that_was_changed_fails_at_the_commands(
    alpha: Small, start: Start, tmp_path: Path
) -> None:
    alpha.publish()
    client = start(alpha.settings)
    downloaded(client, tmp_path)
    program, unpack, _, check = commands(client)[:4]
    typed(unpack, tmp_path)
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"number":1', b'"number":2'))
    with pytest.raises(AssertionError, match="Signature Verification Failure"):
        typed(check, tmp_path)
    file = tmp_path / "alpha-2026-1-edition.zip"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(AssertionError, match="refused"):
        typed(program, tmp_path)


@on_sqlite
def test_the_page_shows_the_root_and_the_days_of_its_keys(alpha: Small, start: Start) -> None:
    alpha.publish()
    root = rooted(alpha)[-1]
    client = start(alpha.settings)
    page = seen(client, PAGE)
    shown = {code.text for code in page.all("code")}
    assert {root.fingerprint, root.editions[0].fingerprint} <= shown
    assert "Valid from January 1, 2022, still in use. It signed this edition." in page.text
    held = there(client, "/alpha/keys.json")
    assert key_roots.read_chain(held.data) == (root,)
    assert held.headers["Content-Disposition"] == "attachment; filename=alpha-keys.json"


@on_sqlite
def test_without_a_root_the_page_shows_the_one_key(alpha: Small, start: Start) -> None:
    alpha.publish()
    client = start(alpha.settings)
    key = signature.fingerprint(signature.public(alpha.settings.keys, CODE))
    assert key in {code.text for code in seen(client, PAGE).all("code")}
    assert there(client, "/alpha/keys.json").data == b'{"roots":[]}'


@pytest.mark.parametrize("path", ["/nobody/en/check", "/nobody/keys.json", "/nobody/notice.json"])
def test_of_an_association_that_has_published_nothing_there_is_nothing(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_the_edition_page_leads_there(client: FlaskClient) -> None:
    links = [
        a.attributes["href"] for a in seen(client, "/vidu/en/rankings/2026/editions/1").all("a")
    ]
    assert "/vidu/en/check" in links
