"""Settings: profile, sign-in, the account and its members."""
