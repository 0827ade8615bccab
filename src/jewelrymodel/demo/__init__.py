"""The demo world, persona switch and outbox: its own app, on loopback only."""
