"""The vault of complaints: seals, receipts and private keys under one name."""

from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Opened, Receipts, digits, new_receipt
from rankings.adapters.sealed_boxes import (
    lock,
    make,
    new_key,
    seal,
    unlock,
    unseal,
    unwrap,
    wrap,
)

__all__ = [
    "Opened",
    "PrivateKeys",
    "Receipts",
    "digits",
    "lock",
    "make",
    "new_key",
    "new_receipt",
    "seal",
    "unlock",
    "unseal",
    "unwrap",
    "wrap",
]
