"""The build breaks where the architecture is left."""
