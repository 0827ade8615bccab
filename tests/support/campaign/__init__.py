"""The fault campaign: a seeded crowd uses the running service while its parts are killed.

``make campaign`` runs the long form, ``tests/faults/test_campaign.py`` one of two minutes.
"""
