"""Sessions read again with today's model and rules; what was found before is kept, and what differs is shown.

`archive` reads and writes folders; `rereading` does the work of one session in any process, with what is
`remembered` of its sound; `workers` and `cluster` say where that is; `rounds` joins them; `differences` and
`telling` say what came of it.
"""
