"""The scheme documents that ship with ictindex, imported as `ictindex_schemes`. Data only: see README.md."""
