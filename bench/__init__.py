"""Measurements of hd: ``python -m bench``, ``python -m bench.soak`` (README.md)."""
