"""`python -m ictindex` is the command line."""

from ictindex.cli import run

if __name__ == "__main__":
    run()
