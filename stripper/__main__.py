"""`python -m stripper`: the command line."""

import sys

from stripper.cli import main

if __name__ == "__main__":
    sys.exit(main())
