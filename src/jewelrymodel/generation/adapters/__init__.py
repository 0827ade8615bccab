"""The outside world of this room: generators and picture files."""
