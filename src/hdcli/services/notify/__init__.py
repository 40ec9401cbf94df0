"""Mail out: what happens on the desk is told to those whom it concerns."""
