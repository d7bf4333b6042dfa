"""What this installation can do, looked at part by part, and what to do where something is wrong.

Each module looks at one kind of thing and gives findings; `examination` puts them in order, `showing` tells
them. `offline` proves that a run opens no network connection.
"""
