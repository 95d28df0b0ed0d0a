#!/usr/bin/env bash
# Jahn-Teller analysis of the paper's symmetric geometries; about a quarter of an hour, most of it for Na13.
# Results go to out/ beside this file; tabulate.py gathers them in distortions.csv.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p out
for name in na3-d3h na4-td na4-d4h na5-d3h na6-oh; do
    clusterdft jahn-teller "$name.xyz" --json "out/$name.json"
done
for name in na13-ih na13-oh; do
    for charge in 0 1; do
        clusterdft jahn-teller "$name.xyz" --charge "$charge" --no-lower --verify 1 --json "out/$name-$charge.json"
    done
done
python tabulate.py
