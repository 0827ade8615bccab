"""The studio's pages: photo, cutout, looks, progress."""
