# Two commands do all the set-up on Debian 12, as root or with sudo:
#   make demo   installs what is missing, builds, and tunes a network on real images
#   make test   installs what is missing, builds, and runs all tests
# make evaluate records trainings of three networks, sets the strategies side by side, and writes docs/evaluation.md
#   (SIZE=full: larger ones; SIZE=unseen: others, by which nothing was chosen, docs/evaluation-unseen.md);
# make bench prints the figures of docs/performance.md; make bench-peers Optuna's beside them in the same run, and then the samplers
# beside those of Optuna, which it installs;
# make bench-growth prints what a study costs from 10 trials to 1,000,000, each step by itself, and workers up to 10,000;
# make bench-metering prints what metering costs, beside what it is compared with;
# make bench-trainers sets the trainer under a tuner beside a plain libtorch loop;
# make bench-memory shows what a trial adds to the tuner's heap, and what is never freed (heaptrack);
# make fuzz runs every parser under libFuzzer, FUZZ_SECONDS each (60);
# make bench-stores prints what a durable event costs in SQLite and in PostgreSQL;
# make bench-serve prints what the dashboard costs for a study of 5,000 trials, and what a browser takes to show it.
.PHONY: demo test bench bench-growth bench-memory bench-metering bench-peers bench-serve bench-stores bench-trainers evaluate fuzz setup
FIGURES = sm2 sm2_bench_studies sm2_bench_growth sm2_bench_evaluations sm2_bench_syncs sm2_bench_samplers sm2_bench_scale

# What single tests take, beside what all take; without one of them its test is skipped, aloud.
FOR_TESTS = chromium npm python3-optuna python3-yaml python3-build python3-wheel python3-setuptools python3-venv debootstrap dpkg-dev zsh fish groff

demo: setup
	dev/build release sm2 resnet
	dev/demo

test: setup
	dev/setup $(FOR_TESTS)
	dev/test release

bench: setup
	dev/build release $(FIGURES)
	bench/figures.py

bench-growth: setup
	dev/setup libbenchmark-dev
	cmake --preset release >/dev/null
	dev/build release sm2_bench_growth sm2_bench_scale sm2_bench_steps
	bench/growth.py

bench-metering: setup
	dev/build release sm2
	bench/metering.py

bench-memory: setup
	dev/setup heaptrack
	dev/build release sm2
	bench/memory.py

evaluate: setup
	dev/build release sm2 resnet lstm transformer
	bench/evaluate.py --size $(or $(SIZE),small)

bench-trainers: setup
	dev/build release resnet resnet_plain_loop sm2_bench_client
	bench/trainers.py

bench-stores: setup
	dev/build release sm2_bench_stores
	bench/stores.sh

bench-serve: setup
	dev/setup chromium
	dev/build release sm2
	bench/serve.py

bench-peers: setup
	dev/setup python3-optuna python3-cmaes python3-psycopg2
	dev/build release $(FIGURES)
	/usr/bin/python3 bench/figures.py --peers
	/usr/bin/python3 bench/peers.py

fuzz: setup
	dev/setup clang-14 libclang-rt-14-dev
	dev/fuzz $(or $(FUZZ_SECONDS),60)

setup:
	dev/setup
