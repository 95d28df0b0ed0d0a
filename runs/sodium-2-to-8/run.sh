#!/usr/bin/env bash
# Searches Na2 to Na8 and their cations until each is 95 % sure of its lowest isomer; under twenty CPU minutes.
# Results go to out/ beside this file; stopped, it goes on where it was.
set -euo pipefail
cd "$(dirname "$0")"
for n in 2 3 4 5 6 7 8; do
    for charge in 0 1; do
        clusterdft search "Na$n" --charge "$charge" --confidence 0.95 --method method.toml --out "out/Na$n-$charge"
    done
done
python tabulate.py
