"""What greenroom wrote, and only that, deleted: found (`traces`), weighed (`gathering`), gone (`purge`)."""
