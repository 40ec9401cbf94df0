"""What people and scripts see: tables, pages, JSON, colours."""
