"""Invented associations and agencies: a seeded generator of the six kinds of file."""

from rankings.invented.agencies import ASSOCIATIONS, Invented
from rankings.invented.files import Round, write

__all__ = ["ASSOCIATIONS", "Invented", "Round", "write"]
