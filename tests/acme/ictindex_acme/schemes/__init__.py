"""The schemes of this package: `<family>/<edition>-<kind>.yaml`."""
