"""Rates recruitment agencies against a code of conduct and publishes the ranking."""
