"""The one place that knows git, YAML and SQLite."""
