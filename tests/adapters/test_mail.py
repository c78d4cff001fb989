"""Letters: what they look like, what they refuse, and what a server can answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.adapters import letters, mail
from rankings.adapters.letters import Letter
from rankings.adapters.mail import Closed, Later, Never, Sent, Unsure
from rankings.errors import Invalid, Unavailable
from tests import smtp_server
from tests.smtp_server import PASSWORD, MailServer

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
KHMER = "ការវាយតម្លៃខ្លួនឯង បើករហូតដល់ ៣០ វិច្ឆិកា"
BURMESE = "ကိုယ်တိုင်အကဲဖြတ်ခြင်း ဖွင့်ထားသည်"


def letter(to: str = "linh@example.org", **more: str) -> Letter:
    usual = {"subject": "Open", "text": "Hello\n", "sender_name": "Ví Dụ", "language": "km"}
    return Letter(UUID(int=7), sender="ranking@example.org", to=to, at=NOW, **(usual | more))


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with smtp_server.running(tmp_path_factory.mktemp("post")) as found:
        yield found


def shown(head: object) -> str:
    """A line of a head as mail programs show it."""
    return str(make_header(decode_header(str(head))))


def sent(where: MailServer, *letters: Letter) -> list[mail.Outcome]:
    """What the server answers to each letter of one conversation."""
    with mail.connection(mail.server(where.url), "example.org") as spoken:
        return [mail.send(spoken, one) for one in letters]


def test_a_letter_arrives_as_it_was_written(post: MailServer) -> None:
    text = f"{KHMER}\n.\n..\n{BURMESE}\nhttps://ranking.example.org/alpha/\n"
    one = letter(subject=f"{KHMER} {BURMESE}" * 3, text=text, sender_name=KHMER)
    assert sent(post, one) == [Sent("2.0.0 taken")]
    (got,) = post.taken
    assert got["Subject"] == one.subject
    assert got.get_content().replace("\r\n", "\n") == text
    assert got.get_content_type() == "text/plain"
    # The library reads an encoded name differently from any mail program; the older reader not.
    assert shown(message_from_bytes(post.raw[0])["From"]) == f"{KHMER} <{one.sender}>"
    assert (got["To"], got["Date"].datetime) == (one.to, NOW)
    assert got["Message-ID"] == f"<{one.id}@example.org>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert set(got) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert all(len(line) <= 76 for line in letters.compose(one).splitlines())


def test_every_answer_of_a_server_is_understood(post: MailServer) -> None:
    order = ("never", "later", "linh", "lìnhü", "lost")
    answers = sent(post, *(letter(f"{who}@example.org") for who in order))
    assert answers[:2] == [
        Never("550 5.1.1 no such mailbox"),
        Later("450 4.2.1 the mailbox is busy"),
    ]
    assert [type(one) for one in answers] == [Never, Later, Sent, Sent, Later]
    assert type(sent(post, letter("silent@example.org"))[0]) is Unsure


def test_after_a_lost_connection_no_letter_follows(post: MailServer) -> None:
    with mail.connection(mail.server(post.url), "example.org") as spoken:
        mail.send(spoken, letter())
        assert mail.is_open(spoken)
        mail.send(spoken, letter("lost@example.org"))
        assert not mail.is_open(spoken)
        assert type(mail.send(spoken, letter())) is Later


def test_a_server_that_refuses_the_sender_refuses_every_letter(post: MailServer) -> None:
    one = Letter(UUID(int=7), "-", "stranger@example.org", "a@example.org", "en", "-", "-", NOW)
    assert sent(post, one) == [Closed("550 5.7.1 you may not send from here")]


def test_without_a_server_nothing_is_said(tmp_path: Path) -> None:
    with smtp_server.running(tmp_path) as gone:
        pass
    with pytest.raises(Unavailable):
        sent(gone, letter())


@pytest.mark.parametrize("name", ["subject", "sender_name", "to"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\u2028", "\x85", "\0"])
def test_a_head_of_two_lines_is_refused(name: str, end: str) -> None:
    with pytest.raises(Invalid):
        letters.compose(letter(**{name: f"linh@example.org{end}Bcc: all@example.org"}))


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.text(), st.text(max_size=80))
def test_no_text_adds_a_head_or_an_address(subject: str, name: str, text: str, who: str) -> None:
    try:
        raw = letters.compose(
            letter(f"{who}@example.org", subject=subject, sender_name=name, text=text)
        )
    except Invalid:
        return
    got = message_from_bytes(raw, policy=default)
    assert len(got.keys()) == len(set(got.keys())) == 10
    assert len(got["To"].addresses) == len(got["From"].addresses) == 1
    assert shown(message_from_bytes(raw)["Subject"]) == subject
    assert shown(message_from_bytes(raw)["From"]) == f"{name} <ranking@example.org>"


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port"),
        *("smtp://h:99999", "smtp://h?tls=1", "smtp://h/path", "smtp://user:secret@h"),
        *("smtp://user:secret@h?starttls=0", "smtp://[h", "smtp://h?starttls"),
    ],
)
def test_an_address_of_no_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        mail.server(url)
    assert "RANKINGS_SMTP_URL" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_address_of_a_server_is_understood() -> None:
    found = mail.server("smtp://linh%40example.org:a%2Fb@mail.example.org?starttls=1")
    assert (found.host, found.port, found.tls, found.starttls) == (
        *("mail.example.org", 25),
        *(False, True),
    )
    assert (found.user, found.password) == ("linh@example.org", "a/b")
    assert "a/b" not in repr(found)
    assert (mail.server("smtps://h").port, mail.server("smtp://h:587/").port) == (465, 587)


@pytest.mark.parametrize(
    "text", ["", "ranking", "a@b", "a@b.org\n", "A <a@b.org>", "á@b.org", "@b.org"]
)
def test_a_sender_without_an_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="RANKINGS_MAIL_FROM"):
        letters.address(text)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate of this machine, and its key."""
    folder, key = tmp_path_factory.mktemp("keys"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    kept = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *kept))
    return os.fspath(folder / "certificate.pem"), os.fspath(folder / "key.pem")


@pytest.mark.parametrize("kind", ["tls", "starttls"])
def test_a_password_goes_only_to_a_server_that_proves_who_it_is(
    tmp_path: Path, keys: tuple[str, str], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server.running(tmp_path, kind, *keys) as found:
        scheme, more = ("smtps", "") if kind == "tls" else ("smtp", "?starttls=1")
        user = f"linh:{PASSWORD}@".replace(" ", "%20").replace("&", "%26") if more else ""

        def say(host: str = "localhost", user: str = user) -> mail.Outcome:
            where = mail.server(f"{scheme}://{user}{host}:{found.port}{more}")
            with mail.connection(where, "example.org") as spoken:
                return mail.send(spoken, letter())

        with pytest.raises(Unavailable, match="certificate"):
            say()
        monkeypatch.setenv("SSL_CERT_FILE", keys[0])
        with pytest.raises(Unavailable, match="certificate"):
            say("127.0.0.1")
        assert type(say()) is Sent
        if user:
            with pytest.raises(Unavailable, match="535"):
                say(user="linh:wrong@")
            assert type(say(user="")) is Closed


def test_no_text_goes_to_a_server_that_cannot_encrypt(post: MailServer) -> None:
    where = mail.server(f"{post.url}?starttls=1")
    with pytest.raises(Unavailable), mail.connection(where, "example.org"):
        pass
