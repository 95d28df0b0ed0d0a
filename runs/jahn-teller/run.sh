#!/usr/bin/env bash
# Jahn-Teller analysis of the paper's symmetric geometries: some twenty minutes on two cores, nearly all of it for Na13.
# Results go to out/ beside this file, and what is finished is kept there; tabulate.py gathers them in distortions.csv.
set -euo pipefail
cd "$(dirname "$0")"
for name in na3-d3h na4-td na4-d4h na5-d3h na6-oh; do
    clusterdft jahn-teller "$name.xyz" --out "out/$name"
done
for name in na13-ih na13-oh; do
    for charge in 0 1; do
        clusterdft jahn-teller "$name.xyz" --charge "$charge" --out "out/$name-$charge"
    done
done
python tabulate.py
