"""What was removed, from what, and why, for people: pages for a browser, and answers for a terminal.

``split`` (record and clean text, read back) -> ``page`` (the review, by ``templates``, with ``overlay`` and
``picture``); ``find`` and ``compare`` answer `stripper explain` and `stripper diff`. Nothing is judged again.
"""
