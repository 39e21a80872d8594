"""`python -m ictindex` is the command line."""

import sys

from ictindex.cli import main

if __name__ == "__main__":
    sys.exit(main())
