"""Many inputs into one folder: every one accounted for, killed at any moment, the same result in the end.

The way of an input: ``sources`` (walk, archives, rows, larder) -> ``survey`` (what repeats on its site) -> a worker
(``page``) -> ``account`` (journal; mirror or shards) -> ``report`` (manifest, summary). ``run`` has it all in order.
"""
