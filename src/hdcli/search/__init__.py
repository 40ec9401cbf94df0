"""Full text: analysis, the index (Whoosh's), ranking, excerpts. Knows no git, no SQLite."""
