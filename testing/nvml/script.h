// What the GPUs of NVML's stand-in do, as a script says it.
//
// One statement a line; '#' begins a comment; blanks at both ends do not matter. Statements before the first `gpu` are
// about the library.
//
//   limits-file PATH        where power limits that were set are kept, so that other processes see them
//   reload T                at T seconds the driver is reloaded: calls are UNINITIALIZED until nvmlInit, handles from
//                           before are INVALID_ARGUMENT, every counter starts at 0
//   at T FUNCTION CODE [until T2]
//                           FUNCTION ("nvmlInit_v2", ... or "*") answers CODE ("GPU_IS_LOST", "TIMEOUT", ...; a
//                           number) from T on; below a `gpu`: for that GPU and its MIG instances only
//   gpu                     begins a GPU; the rest is about it
//   name TEXT               default "NVIDIA Stand-in"
//   uuid TEXT               default "GPU-0000000N-0000-0000-0000-000000000000"
//   pci TEXT                default "00000000:0N:00.0"
//   architecture WORD       kepler maxwell pascal volta turing ampere ada hopper blackwell, or a number;
//                           default ampere
//   power constant W        | power idle W: the same
//   power square LOW HIGH HZ DUTY        HIGH for the first DUTY (0 .. 1) of every period
//   power ramp FROM TO SECONDS           then it stays at TO
//   power bursts LOW HIGH EVERY LENGTH [SEED]   one burst of LENGTH s in every EVERY s, at a pseudo-random place in it
//   power points T:W T:W ...             straight lines between; the same T twice is a step; constant beyond both ends
//                           several `power` lines are added; before 0 s the trace is what it is at 0 s
//   counter on | off | stuck [MJ] | wrap N    default on; stuck: at MJ (default what it begins with); wrap: modulo N
//   counter-start MJ        default 1000000: what it shows at 0 s
//   counter-step MS         default 100: how often it is stepped
//   counter-reset T         at T seconds it starts at 0 again
//   instant MS | off        field 186 is the mean over the last MS ms before an update; default off
//   average MS | off        the same for nvmlDeviceGetPowerUsage and field 185; default 1000
//   update MS               default 100: how often both are renewed; "instant 25" then sees 25 % of the time
//   phase MS                default 0: updates and counter steps are at phase + k * their period
//   limits MIN MAX DEFAULT [CURRENT]     watts; default none: NOT_SUPPORTED
//   set works | CODE        what nvmlDeviceSetPowerManagementLimit does; default works
//   mig INDEX UUID SLICES   a MIG instance; the GPU is then in MIG mode
//   mig-slots N             default 7: compute slices of the GPU
//   process PID UTIL        uses UTIL % of the GPU
#pragma once

#include <cmath>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trace.h"

namespace standin {

enum Code : int {
  kSuccess = 0,
  kUninitialized = 1,
  kInvalidArgument = 2,
  kNotSupported = 3,
  kNoPermission = 4,
  kNotFound = 6,
  kInsufficientSize = 7,
  kUnknown = 999
};

struct Fault {
  double from = 0, until = HUGE_VAL;
  std::string function;
  int code = 0;
};

struct Mig {
  unsigned index = 0;
  std::string uuid;
  unsigned slices = 1;
};

struct Gpu {
  std::string name = "NVIDIA Stand-in", uuid, pci;
  unsigned architecture = 7;
  std::vector<Trace> traces;
  enum class Counting { kOn, kOff, kStuck, kWrap } counting = Counting::kOn;
  std::uint64_t counter_start = 1'000'000, counter_wrap = 0;
  std::optional<std::uint64_t> counter_stuck;
  double counter_step = 0.1, update = 0.1, phase = 0;
  std::vector<double> counter_resets;
  std::optional<double> instant, average = 1.0;
  struct Limits {
    unsigned min, max, normal, current;
  };
  std::optional<Limits> limits;
  int set = kSuccess;
  unsigned mig_slots = 7;
  std::vector<Mig> migs;
  std::vector<std::pair<unsigned, unsigned>> processes;
  std::vector<Fault> faults;

  double joules(double from, double to) const { return energy(to) - energy(from); }
  double mean(double end, double length) const { return joules(end - length, end) / length; }
  double last(double now, double period) const {
    return std::floor((now - phase) / period + 1e-9) * period + phase;
  }

 private:
  double energy(double t) const {
    double sum = 0;
    for (const Trace& trace : traces) sum += t >= 0 ? trace(t) : t * trace(1e-7) / 1e-7;
    return sum;
  }
};

struct Script {
  std::vector<Gpu> gpus;
  std::vector<Fault> faults;
  std::vector<double> reloads;
  std::string limits_file;
};

// Throws std::invalid_argument, which names the line, where the script is wrong.
Script parse(std::istream& in);

}  // namespace standin
