"""Django's backend for PostgreSQL without indexes that nobody reads."""
