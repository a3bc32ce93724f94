// The command line of the reference trainer. Exit status: 0 done, paused or stopped; 1 training failed; 2 bad
// usage or no data. SIGTERM and SIGINT under a tuner save a checkpoint first; alone they end the program as
// always.
#include <malloc.h>

#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string>

#include "idx.h"
#include "trainer.h"

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

int fail(int status, const std::string& message) {
  std::cerr << "fashion_mnist: " << message.substr(0, message.find('\n')) << '\n';
  return status;
}

// What libtorch, oneDNN and the standard library say when an allocation fails.
bool says_out_of_memory(const std::string& message) {
  for (const char* phrase :
       {"allocate memory", "not enough memory", "out of memory", "bad_alloc", "could not create a memory"}) {
    if (message.find(phrase) != std::string::npos) return true;
  }
  return false;
}

// glibc gives large blocks back to the system when they are freed, and every step asks for the same ones
// again: at a batch size of 512 a third of the CPU time went into page faults.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
}

const CLI::Validator kPositive(
    [](const std::string& text) {
      double number = 0;
      return CLI::detail::lexical_cast(text, number) && number > 0 ? std::string()
                                                                   : "must be above 0, not " + text;
    },
    "POSITIVE");

}  // namespace

int main(int argc, char** argv) {
  fashion::Settings settings;
  CLI::App app("Trains a small residual network on Fashion-MNIST, alone or under SM2.", "fashion_mnist");
  app.option_defaults()->always_capture_default();
  app.add_option("--batch-size", settings.batch_size)->check(kPositive);
  app.add_option("--learning-rate", settings.learning_rate)->check(kPositive);
  app.add_option("--epochs", settings.epochs)->check(kPositive);
  app.add_option("--data", settings.data, "folder of the four .gz files");
  app.add_option("--train-images", settings.train_images)->check(kPositive);
  app.add_option("--validation-images", settings.validation_images)->check(kPositive);
  app.add_option("--test-images", settings.test_images, "evaluated after the last epoch")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--width", settings.width, "channels of the first block")->check(kPositive);
  app.add_option("--threads", settings.threads)->check(kPositive);
  app.add_option("--seed", settings.seed);
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
    fashion::train(settings, interrupted);
    return 0;
  } catch (const fashion::DataError& error) {
    return fail(2, error.what());
  } catch (const std::exception& error) {
    const std::string message = error.what();
    return fail(1, says_out_of_memory(message) ? "out of memory: " + message : message);
  }
}
