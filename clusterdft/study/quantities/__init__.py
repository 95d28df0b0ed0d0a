"""Properties of single clusters, one a file: functions (Target) -> dict ready for JSON."""
