"""What the policy says of a purchase before it is paid: signed, kept, and counted later."""
