// sm2 backup: a copy of a store, also while a tuner writes to it.
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "journal/stores.h"
#include "report/printable.h"

namespace sm2::cli {

void add_backup(CLI::App& app, int& status) {
  struct Wanted {
    std::string store, destination;
  };
  CLI::App* command =
      app.add_subcommand("backup", "Copy a store, also while a tuner writes to it; the copy is checked");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("STORE", wanted->store, kStoreHelp)->required();
  command->add_option("DEST", wanted->destination, "The file to write; one that exists is not overwritten")
      ->required();
  command->callback([wanted, &status] {
    const auto done = journal::back_up_store(wanted->store, wanted->destination);
    if (done) put(stdout, report::printable(wanted->destination) + "\n");
    status = done ? 0 : fail("backup", done.error().message);
  });
}

}  // namespace sm2::cli
