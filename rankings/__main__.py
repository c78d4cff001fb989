"""`python3 -m rankings`: makes its environment on first use, then does what it is asked."""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"rankings needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.")

from rankings import bootstrap

if __name__ == "__main__":
    bootstrap.main(sys.argv[1:])
