"""The Jahn-Teller effect: symmetric states, vibronic coupling, descent to distorted minima, a verdict."""
