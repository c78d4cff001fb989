"""The cookie that makes a device known: it names the accounts that got in from there.

It gives no right. It keeps a person's own tries apart from those of strangers, so that nobody can
keep somebody else out by trying too often.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from uuid import UUID

from flask import current_app, request
from werkzeug.wrappers import Response

from rankings.usecases.throttles import Caller
from rankings.web import settings

DAYS, MOST_ACCOUNTS = 365, 8
PURPOSE = b"known device\x00"
SHAPE = re.compile(r"([0-9a-f]{32})((?:\.[0-9a-f]{32})*)\.([0-9a-f]{64})", re.ASCII)
# A household or an office has a whole network of the new kind for itself.
IPV6_NETWORK = 64
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
LAST_BROWSER = ("Safari", "Safari")


def caller() -> Caller:
    """Where this request comes from."""
    device, accounts = _known(request.cookies.get(_name(), ""))
    return Caller(_secret(), network(request.remote_addr or ""), device, frozenset(accounts))


def remember(response: Response, account: UUID) -> Response:
    """Make this device known to an account that has just got in."""
    device, accounts = _known(request.cookies.get(_name(), ""))
    kept = [account, *(one for one in accounts if one != account)][:MOST_ACCOUNTS]
    text = ".".join([device or secrets.token_hex(16), *(one.hex for one in kept)])
    response.set_cookie(
        _name(),
        f"{text}.{_signature(text)}",
        max_age=DAYS * 86_400,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def network(address: str) -> str:
    """Whose tries count together: an address, or the network of a newer one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))


def device() -> str:
    """The device in a few words, for the list of one's own sign-ins."""
    agent = request.headers.get("User-Agent", "")
    system = next((one for one in SYSTEMS if one in agent), "")
    known = (*BROWSERS, LAST_BROWSER)
    browser = next((name for mark, name in known if f"{mark}/" in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _known(cookie: str) -> tuple[str, list[UUID]]:
    """The device and its accounts; nothing where the cookie is not of our making."""
    found = SHAPE.fullmatch(cookie)
    if found is None:
        return "", []
    text = cookie.rpartition(".")[0]
    if not hmac.compare_digest(_signature(text), found[3]):
        return "", []
    return found[1], [UUID(hex=one) for one in found[2].split(".") if one]


def _signature(text: str) -> str:
    return hmac.new(_secret(), PURPOSE + text.encode(), hashlib.sha256).hexdigest()


def _secret() -> bytes:
    return settings().secret_key.encode()


def _name() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"
