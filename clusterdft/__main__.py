"""`python -m clusterdft`: the command line without the installed script."""

from clusterdft.cli.app import main

if __name__ == "__main__":
    main()
