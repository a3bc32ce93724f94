// The study of `sm2 tune` in its store: for this tuner alone, and the one that the file describes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "cli/interrupts.h"
#include "cli/tune_options.h"
#include "config/spec.h"
#include "journal/journal.h"
#include "journal/state.h"
#include "study/lock.h"

namespace sm2::cli {

// Fails when another tuner has it; a standby waits then, and gets nothing where the user ends it.
base::Result<std::optional<study::Lock>> take_turn(const TuneOptions& wanted, journal::Store& store,
                                                   const std::string& study,
                                                   const std::filesystem::path& folder,
                                                   Interrupts& interrupts);

// Makes it where there is none.
base::Result<std::unique_ptr<journal::Journal>> open_journal(journal::Store& store, const std::string& study);

// Whether the file still describes the study that was begun.
base::Result<> same_study(const journal::StudyState& so_far, const config::Spec& spec,
                          const TuneOptions& wanted);

}  // namespace sm2::cli
