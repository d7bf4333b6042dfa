"""After the program has died: what an earlier run left behind, made whole, told, and gone on with."""
