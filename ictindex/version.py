"""The version of the library, stated here alone: the package's metadata takes it from here."""

VERSION = "0.1.0"
"""The version that receipts and `ictindex --version` tell."""
