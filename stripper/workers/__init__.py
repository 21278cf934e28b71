"""Work on many items in several processes, in order, with few items in memory at a time.

A page can kill the process that works on it (a crash in C code, too much time or memory). Each worker has a pipe of its
own and answers item by item, so a death costs the one item that was under way: the items behind it go to the next
worker, and it is tried once more alone. Pools that share a pipe among workers lose what else is in it.
"""

from stripper.workers.pool import Plan, Stop, in_processes

__all__ = ["Plan", "Stop", "in_processes"]
