// What `sm2 tune` prints while its study runs: for people, on a terminal or into a log (report/progress.h), an object of JSON a
// line (report/event_json.h), or nothing. Complaints go to standard error, one line each, whatever is asked for. One object at a
// time in a process: after SIGCONT it leaves what the shell wrote meanwhile.
#pragma once

#include <optional>
#include <string>

#include "base/signal_handlers.h"
#include "cli/tune_options.h"
#include "report/progress.h"

namespace sm2::cli {

class TuneWatch {
 public:
  // `live`: as report::Progress wants it. Both others outlive it.
  TuneWatch(const TuneOptions& wanted, const config::Spec& spec, const report::Live& live);

  void show(const trial::Event& event, const journal::StudyState& after);
  void clear();  // before anything else is printed

 private:
  const TuneOptions& wanted_;
  const config::Spec& spec_;
  report::Progress progress_;
  std::optional<base::SignalHandlers> continuing_;
};

// A line for people that is no complaint; beside JSON on standard error.
void remark(const TuneOptions& wanted, const std::string& line);

}  // namespace sm2::cli
