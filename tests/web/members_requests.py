"""What the forms about new ratings send when they are filled in."""

from __future__ import annotations

PAYLOADS: dict[str, dict[str, str]] = {
    "rating_requests.ask": {"reason": "All deposits were given back in May."},
    # Nobody has asked: there is nothing to decide, whatever is sent.
    "rating_requests.decide": {"edition": "-", "outcome": "granted", "because": "We come in June."},
}
