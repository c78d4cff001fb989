"""What a thief of database, logs and folders finds of complaints: nothing that was written."""

from __future__ import annotations

import base64
import gzip
import io
import logging
import os
import random
import re
import secrets
import string
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import text
from sqlmodel import select

from rankings import db
from rankings.adapters.private_keys import PrivateKeys
from rankings.models import ComplaintCase, ComplaintItem
from tests.web import helping, small
from tests.web.helping import HELP, Helping
from tests.web.serving import stop

LETTERS = string.ascii_letters + string.digits
FIELDS = ("company", "happened", "since", "amount", "contact")
CASES, SENDERS = 50, 200
SENDER = re.compile(rb"2001:db8::[0-9a-f:]+|Agent-\w{30}")
# As people and machines write a moment; each may begin within another number.
MOMENT = re.compile(
    rb"(?=(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d|\d{10}))"
)


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helping]:
    """The application in a folder of its own, which also holds all its temporary files."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "db.sqlite").write_bytes(migrated_file.read_bytes())
    engine = db.connect(f"sqlite:///{tmp_path / 'db.sqlite'}")
    found = helping.helping(engine, tmp_path)
    yield found
    stop(found.app)
    engine.dispose()


def mark() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(30))


def paper(marked: str) -> bytes:
    """A picture with a mark in its description and one after its end."""
    body, said = io.BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Comment", marked)
    Image.new("RGB", (4, 4), "red").save(body, "PNG", pnginfo=said)
    return body.getvalue()


def forms(marked: str) -> list[bytes]:
    """A mark as it might be written down; of base64 the part that does not depend on its place."""
    plain = marked.encode()
    found = [plain, marked.encode("utf-16-le"), marked.encode("utf-16-be")]
    found += [plain.hex().encode(), plain.hex().upper().encode(), plain[::-1]]
    for before in range(3):
        body = base64.b64encode(b"x" * before + plain)
        found.append(body[4:-4])
        found.append(base64.urlsafe_b64encode(b"x" * before + plain)[4:-4])
    return found


def stored(folder: Path) -> bytes:
    """All bytes below a folder but the private keys; what is packed stands there unpacked too."""
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix != ".key":
            body = file.read_bytes()
            found += [str(file).encode(), body, *unpacked(body)]
    return b"\0".join(found)


def unpacked(body: bytes) -> Iterator[bytes]:
    """Everything in it that begins like a packed stream."""
    for start, way in ((b"\x1f\x8b\x08", 31), (b"\x78\x9c", 15), (b"\x78\x01", 15)):
        place = body.find(start)
        while place >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(way).decompress(body[place : place + 1_000_000], 1_000_000)
            place = body.find(start, place + 1)


def test_the_search_finds_a_mark_in_every_form(tmp_path: Path) -> None:
    marked = mark()
    for number, form in enumerate(forms(marked)):
        (tmp_path / str(number)).write_bytes(b"-" + form + b"-")
        assert form in stored(tmp_path)
    (tmp_path / "packed").write_bytes(b"-" + gzip.compress(b"." + marked.encode() + b"!"))
    assert b"." + marked.encode() + b"!" in stored(tmp_path)


def test_no_mark_of_fifty_complaints_lies_anywhere(
    held: Helping,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """SEC-VAULT-1: in fields, answers and papers; refused ones as well."""
    caplog.set_level(logging.DEBUG)
    marks = [marked for number in range(CASES) for marked in filed(held, number)]
    said = "".join(capfd.readouterr()) + caplog.text
    everything = stored(tmp_path) + said.encode()
    assert [one for one in marks if any(form in everything for form in forms(one))] == []
    assert len(marks) > CASES
    # They are all there for whoever has the key.
    opened = str([held.contents(case) for case in held.cases()])
    assert all(one in opened for one in marks[: len(FIELDS)])


def filed(held: Helping, number: int) -> list[str]:
    """Files one complaint; every tenth has a paper and an answer and was refused before."""
    phone = held.browser(f"192.0.2.{number}")
    fields = {name: mark() for name in FIELDS}
    if number % 10:
        assert phone.send(**fields).status_code == 200
        return list(fields.values())
    assert phone.send(**fields, topic="nonsense").status_code == 422
    receipt = helping.number(phone.send(**fields))
    answer, name, hidden = mark(), mark(), mark()
    phone.open(receipt, "/answer", text=answer)
    sent = (io.BytesIO(paper(hidden)), f"{name}.png")
    assert "We have your papers" in phone.open(receipt, "/papers", papers=sent).text
    broken = (io.BytesIO(b"x" * 400_000 + hidden.encode()), f"{name}.pdf")
    assert phone.open(receipt, "/papers", papers=broken).status_code == 422
    assert phone.open(receipt[:-1], "/answer", text=answer).status_code == 422
    return [*fields.values(), answer, name.lower(), hidden, receipt]


def test_without_the_private_keys_everything_else_works(held: Helping, tmp_path: Path) -> None:
    """SEC-VAULT-2: words still come in, and come back to the worker, but open for nobody here."""
    held.keys.forget("alpha", held.key)
    held.app.extensions["private_keys"] = PrivateKeys(None)
    phone = held.browser()
    receipt = helping.number(phone.send())
    assert phone.open(receipt).status_code == 200
    assert phone.get().status_code == 200
    assert phone.client.get("/").status_code == 200
    assert helping.STORY.encode() not in stored(tmp_path)
    assert not held.keys.here("alpha", held.key)


def test_the_ranking_is_published_where_no_private_key_is(
    migrated_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "db.sqlite").write_bytes(migrated_file.read_bytes())
    engine = db.connect(f"sqlite:///{tmp_path / 'db.sqlite'}")
    prepared = small.prepared(engine, tmp_path)
    assert prepared.settings.complaint_keys is None
    assert prepared.publish().number == 1
    engine.dispose()


def test_nothing_tells_who_wrote_or_when(
    held: Helping, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """SEC-META-1: 200 from other addresses, with other browsers, at other seconds."""
    caplog.set_level(logging.DEBUG)
    drawn = random.Random(7)
    addresses = [f"2001:db8::{number:x}:{drawn.randrange(1, 65536):x}" for number in range(SENDERS)]
    agents = [f"Agent-{mark()}" for _ in addresses]
    assert set(MOMENT.findall(b" ".join(written(held.now)))) == set(written(held.now))
    moments: list[datetime] = []
    order: list[UUID] = []
    for address, agent in zip(addresses, agents, strict=True):
        held.wait(seconds=drawn.randrange(60, 600))
        moments.append(held.now)
        phone = held.browser(address, agent)
        assert phone.send(happened="x" * drawn.randrange(10, 8_000)).status_code == 200
        order.append(newest(held, order))
    phone.open("1" * 16)
    everything = stored(tmp_path) + caplog.text.encode()
    assert set(SENDER.findall(everything)).isdisjoint(one.encode() for one in (*addresses, *agents))
    found = set(MOMENT.findall(everything))
    assert [one for one in moments if not found.isdisjoint(written(one))] == []
    with db.reading(held.engine) as session:
        sizes = {len(one.sealed) for one in session.exec(select(ComplaintItem))}
        sizes |= {len(one.wrapped_key) for one in session.exec(select(ComplaintCase))}
        months = {one.received_month for one in session.exec(select(ComplaintCase))}
        tries = session.connection().execute(text("SELECT key, begun_at FROM throttle")).all()
    assert len(sizes) <= 8
    assert len(months) <= 2
    assert all("00:00" in str(begun) for _key, begun in tries)
    assert abs(correlation([ids.int for ids in order])) < 0.2


def newest(held: Helping, known: Sequence[UUID]) -> UUID:
    with db.reading(held.engine) as session:
        (found,) = set(session.exec(select(ComplaintCase.id))) - set(known)
    return found


def written(moment: datetime) -> list[bytes]:
    """A moment, and two seconds before and after, as people and machines write it."""
    found = []
    for seconds in range(-2, 3):
        then = moment + timedelta(seconds=seconds)
        found += [
            then.strftime("%Y-%m-%d %H:%M:%S"),
            then.strftime("%Y-%m-%dT%H:%M:%S"),
            then.strftime("%d/%b/%Y:%H:%M:%S"),
            str(int(then.timestamp())),
        ]
    return [one.encode() for one in found]


def correlation(keys: Sequence[int]) -> float:
    """Spearman's coefficient of keys with the order in which they came."""
    ranks = {key: place for place, key in enumerate(sorted(keys))}
    many = len(keys)
    squares = sum((place - ranks[key]) ** 2 for place, key in enumerate(keys))
    return 1 - 6 * squares / (many * (many**2 - 1))


def test_papers_do_not_touch_the_disk(held: Helping) -> None:
    """Large ones are kept in memory too, where other pages would open a temporary file."""
    head = b'--x\r\nContent-Disposition: form-data; name="papers"; filename="a.png"\r\n\r\n'
    body = head + os.urandom(6_000_000) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    for path, is_kept_in_memory in ((f"{HELP}/number/papers", True), ("/account/en/code", False)):
        context = held.app.test_request_context(path, method="POST", data=body, content_type=kind)
        with context:
            stream = context.request.files["papers"].stream
            assert isinstance(stream, io.BytesIO) == is_kept_in_memory
            stream.close()


def test_a_paper_that_is_too_large_is_refused_by_its_name(held: Helping) -> None:
    receipt = helping.number(held.browser().send())
    small_enough, data = 5_000_000, {"token": held.browser().token("/number"), "number": receipt}
    head = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (k.encode(), v.encode())
        for k, v in data.items()
    )
    head += b'--x\r\nContent-Disposition: form-data; name="papers"; filename="a.png"\r\n\r\n'
    answer = held.browser().client.post(
        f"{HELP}/number/papers",
        data=head + b"x" * (small_enough + 1) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 422
    assert "a.png is larger than 5 MB" in answer.text
