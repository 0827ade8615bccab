"""A local stand-in for a hosted image generator: asynchronous, and able to misbehave on purpose.

It receives a cutout and a backdrop for each picture wanted, and puts one on the other. Nothing
runs in the background: a job's state follows from its row and the time, so a restart changes
nothing. Time here is the machine's own.
"""
