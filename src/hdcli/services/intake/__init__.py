"""Intake: what turns mail, JSON lines, CSV and alerts into tickets."""
