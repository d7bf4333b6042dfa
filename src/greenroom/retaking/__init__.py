"""A question of an earlier session asked again, and both answers held against each other."""
