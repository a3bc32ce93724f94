# Two commands do all the set-up on Debian 12, as root or with sudo:
#   make demo   installs what is missing, builds, and tunes a network on real images
#   make test   installs what is missing, builds, and runs all tests
# make bench prints what metering costs (bench/), beside what it is compared with.
.PHONY: demo test bench setup

demo: setup
	dev/build release sm2 fashion_mnist
	dev/demo

test: setup
	dev/test release

bench: setup
	dev/build release sm2
	bench/metering.py

setup:
	dev/setup
