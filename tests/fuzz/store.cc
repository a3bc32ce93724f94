#include <filesystem>

#include "journal/state.h"
#include "journal/stores.h"
#include "tests/fuzz/checks.h"
#include "tests/fuzz/folder.h"

namespace sm2::fuzz {

void store(std::string_view input) {
  static const Folder folder;
  for (const char* suffix : {"-wal", "-shm", "-journal"})
    std::filesystem::remove(folder.path("sm2.db") + suffix);
  const std::string file = folder.write("sm2.db", input);
  const auto opened = journal::open_store(file);
  if (!opened) return check_error(opened.error());
  const auto studies = (*opened)->studies();
  if (!studies) return check_error(studies.error());
  for (const std::string& study : *studies) {
    const auto journal = (*opened)->open(study);
    if (!journal) {
      check_error(journal.error());
      continue;
    }
    if (const auto state = journal::fold(**journal); !state) check_error(state.error());
  }
}

}  // namespace sm2::fuzz
