# Two commands do all the set-up on Debian 12, as root or with sudo:
#   make demo   installs what is missing, builds, and tunes a network on real images
#   make test   installs what is missing, builds, and runs all tests
# make bench prints what metering costs (bench/), beside what it is compared with;
# make evaluate records trainings of three networks, sets the strategies side by side, and writes docs/evaluation.md;
# make bench-trainers sets the trainer under a tuner beside a plain libtorch loop;
# make bench-memory shows what a trial adds to the tuner's heap, and what is never freed (heaptrack);
# make fuzz runs every parser under libFuzzer, FUZZ_SECONDS each (60);
# make bench-stores prints what a durable event costs in SQLite and in PostgreSQL;
# make bench-serve prints what the dashboard costs for a study of 5,000 trials;
# make bench-peers sets the samplers beside those of Optuna, which it installs.
.PHONY: demo test bench bench-memory bench-peers bench-serve bench-stores bench-trainers evaluate fuzz setup

demo: setup
	dev/build release sm2 resnet
	dev/demo

test: setup
	dev/setup chromium
	dev/test release

bench: setup
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
	dev/build release resnet resnet_plain_loop
	bench/trainers.py

bench-stores: setup
	dev/build release sm2_bench_stores
	bench/stores.sh

bench-serve: setup
	dev/build release sm2
	bench/serve.py

bench-peers: setup
	dev/setup python3-optuna python3-cmaes
	dev/build release sm2_bench_samplers
	/usr/bin/python3 bench/peers.py

fuzz: setup
	dev/setup clang-14 libclang-rt-14-dev
	dev/fuzz $(or $(FUZZ_SECONDS),60)

setup:
	dev/setup
