"""Rates recruitment agencies against a code of conduct and publishes the ranking."""

__version__ = "0.1.0"
