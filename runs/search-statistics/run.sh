#!/usr/bin/env bash
# Measures the searches of README.md, one at a time; about an hour of CPU time. Runs that are in the two files
# of runs are not done again: remove those files first to measure anew, or stop and go on as you like.
# The genetic peer needs `pip install ase-ga`.
set -euo pipefail
cd "$(dirname "$0")"
search="python ../benchmarks/search.py"

# the lowest known minima, from 5 n random starts of another seed
[ -f sodium-minima.json ] || $search --make-minima --atoms 2-8 --charge 0,1

sodium="$search --surface sodium --charge 0,1 --calls 500 --kept sodium-runs.csv"
$sodium --atoms 2-8 --strategies random-starts
$sodium --atoms 2-5 --strategies "" --peers
$sodium --atoms 3-5 --strategies "ASE BasinHopping as it comes"
$sodium --atoms 6-8 --strategies "" --peers --runs 8
$sodium --runs 0 --table sodium.csv --figure sodium.png

atoms="$search --surface lennard-jones --kept lennard-jones-runs.csv"
$atoms --atoms 7 --runs 50 --relaxations 1400 --strategies auto,auto-unaided
$atoms --atoms 13 --runs 50 --relaxations 2600 --strategies auto,auto-unaided
$atoms --atoms 19 --runs 50 --relaxations 3800 --strategies auto,auto-unaided
$atoms --atoms 31 --runs 50 --relaxations 6200 --strategies auto
$atoms --atoms 38 --runs 20 --relaxations 5000 --strategies basin-hopping
$atoms --runs 0 --table lennard-jones.csv
