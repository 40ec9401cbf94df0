"""Tickets, entries, settings, queries: pure, no I/O."""
