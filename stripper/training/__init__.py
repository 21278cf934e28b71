"""Training of the segmenter's models on labelled pages; nothing at run time imports this room.

A model's way: corpora.py (labelled pages, joined) -> dataset.py (features and targets: labels.py, targets.py)
-> folds.py (which pages are held out) -> fit.py (net.py, batches.py, self_training.py) -> export.py (the packed
file) -> calibrate.py -> crossvalidate.py (figures.py) -> train.py, which does it all -> card.py (the model's card).

net.py, batches.py, fit.py and export.py need torch (extra `train`) and are imported when training begins.
"""
