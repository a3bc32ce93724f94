// What sm2 init writes: every key that a study file may have, with its default or an example. Tests parse it.
#pragma once

#include <string_view>

namespace sm2::cli {

inline constexpr std::string_view kStudyExample =
    R"(# A study for sm2: what to tune, how to run it, and what it may cost.
# Lines that begin with "# " and hold a key show its default or an example. Reference: docs/study-file.md.

[study]
name    = "my-study"
# Started without a shell. {name} stands for a parameter of [space]; {{ and }} are braces themselves.
command = ["./train", "--batch-size={batch_size}", "--lr={learning_rate}"]
# directory = "."           # where to run it; default: where sm2 tune is started

# What the program reports, and when to stop early.
metric   = { name = "val_accuracy", goal = "maximize" }     # or "minimize"; optional: target = 0.91
# How far to train: in `unit`s as the program counts them. `min` is the first rung.
resource = { unit = "epoch", min = 1, max = 16 }

# A program without the client library: read the metric from what it prints (RE2 syntax).
# pattern = 'epoch=(?P<epoch>[0-9]+) val_accuracy=(?P<val_accuracy>[0-9.]+)'

[space]
batch_size    = { values = [16, 32, 64, 128, 256, 512] }
learning_rate = { low = 1e-4, high = 1.0, scale = "log" }
# layers      = { low = 2, high = 8 }                        # whole numbers; optional: step, scale
# optimizer   = { values = ["sgd", "adam"] }
# momentum    = { low = 0.8, high = 0.99, when = { optimizer = "sgd" } }

[strategy]
name = "sm2"                # sm2-classic, successive-halving, asha, asha-stop, hyperband, bohb, pbt; or training all to
                            # the end: tpe, cmaes, evolution, differential-evolution, reinforce, random, sobol, grid
seed = 1
# candidates = 16           # how many configurations to consider
# eta = 2                   # a rung keeps 1/eta of its candidates and gives eta times the resource
# probe = "2 s"             # sm2: training time per candidate to learn what a sample costs
# points = 5                # grid: values per continuous parameter
# pruner = "median"         # tpe, random and their like: stop a trial that is below the median of the others
# warm_start = ["earlier"]  # sm2 with a target, tpe, bohb: studies, "optuna:FILE" or "csv:FILE" to begin from
# learning_rate = "cycle"   # search it by cycling it during training; or "sample" it like any other parameter,
                            # which is the default of sm2 with a target

[schedule]                  # of a learning rate that is cycled
# explore = "exp-range"     # default triangular; or triangular2, one-cycle, range-test
# cycle = 1                 # its length, in units of resource
# gamma = 0.8               # exp-range: what a cycle's amplitude is of the one before
# final = "one-cycle"       # of the training to the end: default cosine; or constant

[objective]
energy    = 0.3             # alpha: weight of energy
stability = 0.1             # beta: weight of learning-rate stability
# guard   = 0.05            # never promote what is further below the best metric than this

[budget]
# energy = "500 Wh"         # J, kJ, MJ, Wh, kWh, MWh
# time   = "2 h"            # ms, s, min, h, d
# trials = 20
# carbon = "200 gCO2e"      # gCO2e, kgCO2e, tCO2e; needs energy.grid
# cost   = "1.50 EUR"       # needs energy.price in the same currency

[energy]
sources = ["auto"]          # what sm2 devices lists
# grid  = "DE"              # a country, or "380 gCO2e/kWh", or "command:./intensity", which prints one of these
# price = "0.30 EUR/kWh"
# idle  = "5 s"             # measure it so long before the study; or state it: { gpu-0 = "60 W", package-0 = "22 W" }
# power_limit = "250 W"     # of every GPU that the study uses, while it runs; or "tune": sm2 with a target finds it
# cpu_idle = "0.7 W"        # of one logical processor, where the energy of the CPU is modelled
# cpu_busy = "3.5 W"

[devices]
# gpus  = 1                 # of each trial, which has them for itself; default: every trial may use all; 0: none
# use   = ["0", "GPU-4f1c"] # that the study may use: index, UUID of a GPU or a MIG instance, PCI address
# share = true              # trials at a time (--workers) may have the same GPU

[limits]
# wall    = "2 h"           # one process may run so long
# silence = "10 min"        # and may report and print nothing so long
# time    = "6 h"           # a trial may run so long, all its processes together
# energy  = "200 Wh"        # and use so much
# memory  = "16 GiB"        # and hold so much main memory at once
# disk    = "20 GiB"        # and so much in its folder: checkpoints and log
# cpu     = 4               # and run on so many logical processors
# grace   = "10 s"          # between asking to end, SIGTERM and SIGKILL
# log     = "1 MiB"         # of output kept per trial
)";

}  // namespace sm2::cli
