"""The version, in one place: the package's metadata, the record and `stripper --version` read it here."""

__version__ = "0.1.0"
