"""Users, accounts (the tenants), memberships, sign-up and sign-in."""
