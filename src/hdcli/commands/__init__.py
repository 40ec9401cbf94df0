"""Thin click adapters: parse, call a service, print."""
