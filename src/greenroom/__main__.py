"""`python -m greenroom`"""

from greenroom.interrupting import leave_while_starting

if __name__ == "__main__":
    leave_while_starting()  # the import below takes a while

    from greenroom.cli import main

    main()
