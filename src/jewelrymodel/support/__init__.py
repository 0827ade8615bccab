"""Cases, conversations, mail in, the service-level clock, and checks that find broken promises."""
