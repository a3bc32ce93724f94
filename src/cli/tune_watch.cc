#include "cli/tune_watch.h"

#include <signal.h>
#include <unistd.h>

#include <array>

#include "cli/output.h"
#include "cli/screen.h"
#include "report/event_json.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

volatile sig_atomic_t continued = 0;  // since it was last looked at

}  // namespace

TuneWatch::TuneWatch(const TuneOptions& wanted, const config::Spec& spec, const report::Live& live)
    : wanted_(wanted), spec_(spec), progress_(spec, screen(STDOUT_FILENO), live) {
  struct sigaction action = {};
  action.sa_handler = [](int) { continued = 1; };
  action.sa_flags = SA_RESTART;
  continuing_.emplace(std::array{SIGCONT}, action);
}

void TuneWatch::show(const trial::Event& event, const journal::StudyState& after) {
  if (wanted_.quiet) return;
  if (wanted_.json) {
    put(stdout, report::event_json(spec_, event, after) + "\n");
    return;
  }
  if (continued) progress_.leave();
  continued = 0;
  progress_.resize(screen(STDOUT_FILENO));
  if (const std::string text = progress_.render(event, after); !text.empty()) put(stdout, text);
}

void TuneWatch::clear() {
  if (const std::string text = progress_.clear(); !text.empty()) put(stdout, text);
}

void remark(const TuneOptions& wanted, const std::string& line) {
  put(wanted.json ? stderr : stdout, report::printable(line) + "\n");
}

}  // namespace sm2::cli
