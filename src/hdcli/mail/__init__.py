"""Mail as it comes in: bytes to sender, subject, text and files; pure, knows no desk."""
