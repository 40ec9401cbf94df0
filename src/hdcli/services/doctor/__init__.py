"""``hd doctor``: the check-up of a machine and a clone; it needs no desk that can be opened."""
