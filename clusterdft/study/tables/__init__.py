"""Tables of a series, one a file: functions (Series) -> rows, dicts from column to value."""
