"""How long we wait, how often we try, and how many images one task takes."""

from datetime import timedelta

LEASE = timedelta(seconds=20)
HEARTBEAT_S = 5.0
MAX_LOST_LEASES = 3  # how often a worker may be lost before we stop trying
GENERATOR_LIMIT = timedelta(minutes=10)  # how long a hosted generator may keep a hold waiting
LATE_LIMIT = timedelta(hours=24)  # how long we still ask for what it owed us
UNSEEN_FOR = timedelta(minutes=2)  # how long an end is unseen before it is worth an email
SELECTION_LIFETIME = timedelta(days=7)  # how long a payment may start what was chosen with it
MAX_IMAGES = 20  # one task's images
MAX_PHOTOS = 6  # one piece's photos; the database's rule says the same number
MAX_BATCH_PHOTOS = 200  # one batch's photos
MAX_WAITING_PHOTOS = 400  # an account's photos in batches whose cutouts it hasn't approved yet
BATCH_PRIORITY = -10  # of a batch's jobs; what a seller waits for has 0 and goes first
MOST_PLACES = 9  # in the order in which providers of image models are asked
MOST_CONCURRENCY = 50  # requests at once to one of them
MOST_BUDGET_CENTS = 1_000_000  # for one of them and a day
ALT_TEXT_LENGTH = 250  # the shortest that a marketplace is said to take
