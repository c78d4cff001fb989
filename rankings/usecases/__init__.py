"""One verb, one function: what the association does, told as rules over rows."""
