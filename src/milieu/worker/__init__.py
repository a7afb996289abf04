"""Worker: a warm pool of spawned processes in which strangers' queries and contributions are worked on, and ended."""
