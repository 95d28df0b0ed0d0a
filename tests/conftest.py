"""What all tests need."""

import signal

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell in the background: processes would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)
