// Trainings recorded on real GPUs, in the layout of the Zeus traces (You, Chung, Chowdhury, "Zeus", NSDI
// 2023): in one folder, summary_train.csv says at which epoch each run of a batch size first reached each
// metric (nan: never), and one summary_power_<gpu>.csv per GPU says seconds per epoch and watts of each batch
// size under each power limit. One case per GPU and dataset/network (per optimizer too, where several were
// trained), called "<gpu>/<dataset>/<network>[/<optimizer>]".
//
// A training is one of the recorded runs of its batch size, whichever learning rate it had. Its metric after
// an epoch is the best threshold reached by then; it may go on for twice the workload's longest recorded
// epoch count. Epochs count from 1, broken ones up. Where a batch size was not measured under a limit, the
// nearest limit that was stands for it.
//
// Without a target, it is the best metric that at least three batch sizes reach in every run; where fewer
// than three reach anything in every run, the best that as many as possible do. Metrics are lower-is-better
// when runs reach lower thresholds later. The oracle's batch size and limit have the least expected energy
// when another run is drawn after one that never gets there:  E = e (mean(T) + (1 - q) / q L),  e joules per
// epoch, T epochs of the runs that reach the target, q their share, L what the others are trained for.
#pragma once

#include "base/result.h"
#include "workload/opened.h"

namespace sm2::workload {

// Trainings must not outlive the workload that they are drawn from. Cases without a way to the target are
// left out, with a note; fails when none is left, or a file is wrong ("FILE:LINE: ...").
base::Result<Opened> read_zeus(const std::string& folder, const OpenOptions& options);

}  // namespace sm2::workload
