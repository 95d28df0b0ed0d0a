"""Reference values of published work, one TOML file a source: see `clusterdft.study.references`."""
