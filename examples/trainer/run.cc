// The edge of a trainer: its command line, its signals, and its exit status. SIGTERM and SIGINT under a tuner
// save a checkpoint first; alone they end the program as always.
#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include "device.h"
#include "flags.h"
#include "loop.h"
#include "out_of_memory.h"
#include "trainer.h"

namespace trainer {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

int fail(int status, const std::string& name, const std::string& message) {
  std::cerr << name << ": " << message.substr(0, message.find('\n')) << '\n';
  return status;
}

}  // namespace

int run(CLI::App& app, Settings& settings, const MakeTask& make, int argc, char** argv) {
  add_flags(app, settings);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  keep_freed_memory();
  if (std::getenv("SM2_SOCKET") != nullptr) {
    for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, [](int) { interrupted = true; });
  }
  try {
    check(settings);
    train(settings, make, prepare_device(settings), interrupted);
    return 0;
  } catch (const DataError& error) {
    return fail(2, app.get_name(), error.what());
  } catch (const UsageError& error) {
    return fail(2, app.get_name(), error.what());
  } catch (const std::exception& error) {
    const std::string message = error.what();
    return fail(1, app.get_name(), is_out_of_memory(error) ? "out of memory: " + message : message);
  }
}

}  // namespace trainer
