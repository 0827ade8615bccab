"""The processor's objects, one module for each: its shape, and what calls do with it."""
