"""The library's pages: what was made, and its downloads."""
