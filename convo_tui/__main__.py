"""`python -m convo_tui` is the command `convo`."""

from convo_tui.cli import main

if __name__ == "__main__":
    main()
