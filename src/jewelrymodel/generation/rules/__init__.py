"""Pure rules of images: download formats, blank images, plain backgrounds, how a task ended."""
