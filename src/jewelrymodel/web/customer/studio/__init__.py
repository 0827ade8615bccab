"""The studio's pages: photo, cut-out, looks, progress."""
