"""Use cases over the store; nothing here prints."""
