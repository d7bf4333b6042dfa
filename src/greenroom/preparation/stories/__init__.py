"""The person's stories as files of their own, what each proves, and the commands that show them."""
