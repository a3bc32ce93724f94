#include "report/markdown/page.h"

#include <gtest/gtest.h>

#include <sstream>

#include "report/brief.h"
#include "report/printable.h"
#include "testing/sample_study.h"

namespace sm2::report::markdown {
namespace {

using testing::SampleStudy;

Study study_of(const SampleStudy& made) { return {made.spec.name, made.spec, made.state, false}; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Separators between cells, those that are escaped left aside.
std::size_t cells(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\')
      ++at;
    else if (line[at] == '|')
      ++count;
  }
  return count;
}

// Every table has as many cells in each row as in its head.
void expect_whole_tables(const std::string& page) {
  std::istringstream lines(page);
  std::size_t wanted = 0;
  bool code = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) code = !code;
    if (code) continue;
    if (!line.starts_with("|")) {
      wanted = 0;
      continue;
    }
    if (wanted == 0) wanted = cells(line);
    EXPECT_EQ(cells(line), wanted) << line;
  }
  EXPECT_FALSE(code);
}

TEST(MarkdownPage, AnswersWhatIsBestWhatItCostAndWhyTheRestWasDropped) {
  const std::string text = page(study_of(testing::decided_study()));
  for (const char* part :
       {"## SM2 study fashion-cnn\n", "Trial 0 is the winner: val\\_accuracy 0.9 after 2 epochs.",
        "The study is finished: one is left.", "| batch\\_size | 64 |\n",
        "| **val\\_accuracy** | **0.9** |\n", "```sh\n./train --batch-size=64 --lr=0.01\n```\n",
        "**300 J ± 150 (cpu-model, modelled) in ", "| dropped and failed trials | 100 J ± 50 | 33 % |\n",
        "1 of 3 trials dropped, 1 failed.",
        "| 1 | batch\\_size=512 learning\\_rate=0.5 | 0.6 | 80.0 J ± 40 | rung 0: objective 0.81 against "
        "0.12 of the "
        "last one kept |\n",
        "| host | host-a |\n", "| cpu | cpu-model | modelled | 300 J ± 150 |", "```toml\n[study]\n"}) {
    EXPECT_TRUE(has(text, part)) << part << "\nis missing in\n" << text;
  }
  expect_whole_tables(text);
}

TEST(MarkdownPage, CarbonAndCostStandWhereThereAreRates) {
  SampleStudy study;
  study.add(trial::Opened{
      "0.1.0", "host-a", 1, {}, footprint::Grid{344, "Germany 2024, Ember"}, footprint::Price{0.3, "EUR"}});
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(7.2e5));
  EXPECT_TRUE(has(
      page(study_of(study)),
      "\n68.8 gCO2e, 0 % of it in dropped and failed trials (344 gCO2e/kWh: Germany 2024, Ember); 0.060 EUR "
      "(0.30 EUR/kWh)\n"));
  EXPECT_TRUE(has(page(study_of(SampleStudy())),
                  "| grid intensity | not given (energy.grid): no figure of carbon |"));
}

TEST(MarkdownPage, UnknownEnergyIsNotZero) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  const std::string text = page(study_of(study));
  EXPECT_TRUE(has(text, "**unknown: permission denied**")) << text;
  EXPECT_TRUE(has(text, "| trials still in | unknown |")) << text;
}

TEST(MarkdownPage, NothingYetIsSaidSo) {
  const std::string text = page(study_of(SampleStudy()));
  EXPECT_TRUE(has(text, "No trial has begun."));
  EXPECT_TRUE(has(text, "nothing was spent yet"));
  EXPECT_TRUE(has(text, "Nothing was dropped."));
  expect_whole_tables(text);
}

TEST(MarkdownPage, HostileTextIsOnlyText) {
  const std::string evil = "x|y`*[a](javascript:b)<script>\n## heading @team \x1b[2J ```";
  SampleStudy study(evil);
  study.spec.metric.name = evil;
  study.spec.resource.unit = evil;
  study.spec.command = {"./train", evil};
  study.train(0, {{"batch_size", evil}, {"learning_rate", 0.1}}, 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(1));
  study.exit(0, trial::Failed{1, evil}, SampleStudy::energy(1), evil);
  study.train(1, {{"batch_size", evil}, {"learning_rate", 0.1}}, 0, 1);
  study.evaluate(1, 1, 0.5, SampleStudy::energy(1));
  study.state.file = evil + "\n```\n# out of the block";
  const std::string text = page(study_of(study));
  EXPECT_FALSE(has(text, "\x1b"));
  std::istringstream lines(text);
  std::size_t fence = 0;  // of the block that is open
  for (std::string line; std::getline(lines, line);) {
    const std::size_t ticks = std::min(line.find_first_not_of('`'), line.size());
    if (fence == 0 && ticks >= 3)
      fence = ticks;
    else if (fence > 0 && ticks >= fence && ticks == line.size())
      fence = 0;
    else if (fence == 0) {
      EXPECT_FALSE(has(line, "<script>") && !has(line, "\\<script\\>")) << line;
      EXPECT_FALSE(has(line, "@team")) << line;
      EXPECT_FALSE(line.starts_with("# ") || line.starts_with("## heading")) << line;
    }
  }
  EXPECT_EQ(fence, 0u);
}

TEST(Brief, HasTheSameAnswersAndFitsATerminal) {
  const std::string text = brief_text(study_of(testing::decided_study()));
  for (const char* part :
       {"Trial 0 is the winner: val_accuracy 0.9 after 2 epochs.\n", "\nbatch_size     64\n",
        "300 J +- 150 (cpu-model, modelled) in ", "dropped and failed trials",
        "1 of 3 trials dropped, 1 failed\n", "trial 1  batch_size=512 learning_rate=0.5: rung 0",
        "energy sources       cpu-model: CPU time times a power curve, modelled\n"}) {
    EXPECT_TRUE(has(text, part)) << part << "\nis missing in\n" << text;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), kWidth) << line;
}

}  // namespace
}  // namespace sm2::report::markdown
