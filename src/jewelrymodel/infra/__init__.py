"""The embedded database, clock, queue, facts, inbox, storage, mail transport, rate limits."""
