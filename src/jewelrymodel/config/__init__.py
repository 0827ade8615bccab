"""Composition root: settings, addresses, the queue's app, the command line, the supervised tree."""
