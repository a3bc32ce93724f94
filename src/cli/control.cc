// sm2 pause, sm2 resume and sm2 stop: asked of the tuner that works on a study, which carries it out (docs/control.md).
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "journal/refusal.h"
#include "journal/stores.h"

namespace sm2::cli {
namespace {

// A tuner looks every second; one that is busy with its store may take longer.
constexpr std::chrono::seconds kPatience{15};
constexpr std::chrono::milliseconds kStep{100};

struct Command {
  trial::Wish wish;
  const char* help;
  const char* help_of_trial;
  const char* of_study;  // what it means to have been carried out; {}: its name
  const char* of_trial;  // {}: its number
};

constexpr Command kCommands[] = {
    {trial::Wish::kPause,
     "Pause a running study: its trials are saved, and its tuner waits to be told to go on",
     "Pause this trial alone; what runs beside it goes on",
     "study {} is paused as soon as its trials have ended\n",
     "trial {} is paused as soon as its program has ended\n"},
    {trial::Wish::kResume, "Resume a study that sm2 pause has paused", "Resume this trial",
     "study {} goes on\n", "trial {} goes on when there is a place for it\n"},
    {trial::Wish::kStop,
     "Stop a running study as Ctrl-C does: its trials are saved, and sm2 tune goes on with it",
     "Drop this trial: it is never trained again, and the study goes on without it",
     "study {} ends as soon as its trials have ended\n",
     "trial {} is stopped as soon as its program has ended\n"}};

std::string is_trial(const std::string& text) {
  int id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool good = error == std::errc() && end == text.data() + text.size() && id >= 0;
  return good ? "" : fmt::format("'{}' is no number of a trial; sm2 trials lists them", text);
}

struct Wanted {
  std::shared_ptr<Reading> reading;
  std::optional<trial::TrialId> trial;
};

// Whether it was carried out in time.
base::Result<bool> carried_out(journal::Requests& requests, journal::RequestId id) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    const auto pending = requests.pending();
    if (!pending) return tl::unexpected(pending.error());
    if (std::ranges::find(*pending, id, &journal::Pending::id) == pending->end()) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

// Whether the tuner that was asked was there to hear it: the next one leaves it aside.
bool heard(const Wanted& wanted, const report::Study& before) {
  const auto after = read_study(*wanted.reading);
  return !after || after->state.opened == before.state.opened;
}

// What it came to, for people.
base::Result<std::string> ask(const Command& command, const Wanted& wanted) {
  const auto study = read_study(*wanted.reading);
  if (!study) return tl::unexpected(study.error());
  const trial::Request request{command.wish, wanted.trial};
  const bool resumes = command.wish == trial::Wish::kResume && !wanted.trial;  // it opens the study anew
  if (const auto refused = journal::refusal(request, study->name, study->state, study->tuner_alive))
    return base::fail("{}", *refused);
  const auto store = journal::open_store(wanted.reading->store, journal::Access::kWrite);
  if (!store) return tl::unexpected(store.error());
  const auto requests = (*store)->requests(study->name);
  if (!requests) return tl::unexpected(requests.error());
  const auto id = (*requests)->ask(request);
  if (!id) return tl::unexpected(id.error());
  const auto done = carried_out(**requests, *id);
  if (!done) return tl::unexpected(done.error());
  if (!*done) {
    return base::fail("its tuner has not answered for {} s: it does so when it can, unless it ends before",
                      kPatience.count());
  }
  if (!resumes && !heard(wanted, *study))
    return base::fail("its tuner ended before it heard of it; ask the one that works on it now");
  return wanted.trial ? fmt::format(fmt::runtime(command.of_trial), *wanted.trial)
                      : fmt::format(fmt::runtime(command.of_study), study->name);
}

int control(const Command& command, const Wanted& wanted) {
  const auto told = ask(command, wanted);
  if (!told) return fail(trial::name(command.wish), told.error().message);
  put(stdout, *told);
  return 0;
}

}  // namespace

void add_control(CLI::App& app, int& status) {
  for (const Command& command : kCommands) {
    CLI::App* added = app.add_subcommand(std::string(trial::name(command.wish)), command.help);
    const auto wanted = std::make_shared<Wanted>();
    wanted->reading = add_reading(*added, true, false);
    added->add_option("--trial", wanted->trial, command.help_of_trial)
        ->type_name("TRIAL")
        ->check(CLI::Validator(is_trial, "", "trial"));
    added->callback([&command, wanted, &status] { status = control(command, *wanted); });
  }
}

}  // namespace sm2::cli
