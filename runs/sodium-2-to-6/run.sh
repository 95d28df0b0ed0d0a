#!/usr/bin/env bash
# Searches Na2 to Na6 and their cations from a dozen random starts each; about two minutes on two cores.
# Results go to out/ beside this file; stopped, it goes on where it was.
set -euo pipefail
cd "$(dirname "$0")"
for n in 2 3 4 5 6; do
    for charge in 0 1; do
        clusterdft search "Na$n" --charge "$charge" --method method.toml --out "out/Na$n-$charge"
    done
done
python tabulate.py
