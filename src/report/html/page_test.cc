#include "report/html/page.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "testing/sample_study.h"

namespace sm2::report::html {
namespace {

using testing::SampleStudy;

std::string page_of(const SampleStudy& sample, bool alive = false, const std::optional<Served>& served = {}) {
  return page({sample.spec.name, sample.spec, sample.state, alive}, served);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What is wrong with the tags: one not closed, closed out of order, or unknown to the page's makers. Empty
// when all is well.
std::string broken_tags(const std::string& html) {
  const std::set<std::string> empty = {"meta", "link", "br", "!DOCTYPE"};
  const std::set<std::string> known = {
      "html", "head", "title", "style", "body", "main",   "header", "nav",   "section", "h1",
      "h2",   "p",    "b",     "i",     "em",   "span",   "small",  "code",  "pre",     "a",
      "div",  "dl",   "dt",    "dd",    "ul",   "li",     "table",  "thead", "tbody",   "tr",
      "th",   "td",   "svg",   "g",     "path", "circle", "text",   "tspan"};
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "a tag does not end";
    const std::string tag = html.substr(at + 1, end - at - 1);
    const bool closes = tag.starts_with("/");
    const std::string name = tag.substr(closes ? 1 : 0, tag.find_first_of(" /", 1) - (closes ? 1 : 0));
    if (empty.contains(name) || tag.ends_with("/")) continue;
    if (!known.contains(name)) return "unknown tag " + tag;
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "closed out of order: " + name + " at " + html.substr(at, 60);
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

SampleStudy many(int trials) {
  SampleStudy study;
  for (int i = 0; i < trials; ++i) {
    study.train(i, SampleStudy::configuration(64, 0.001 * (i + 1)), 0, 1);
    study.evaluate(i, 1, 0.5 + 0.001 * i, SampleStudy::energy(10 + i));
    study.exit(i, trial::Paused{}, SampleStudy::energy(10 + i));
    if (i + 1 < trials) study.drop(i, fmt::format("reason of {}", i));
  }
  return study;
}

TEST(Page, AnswersTheThreeQuestions) {
  const std::string html = page_of(testing::decided_study());
  EXPECT_EQ(broken_tags(html), "");
  EXPECT_TRUE(has(html, "Trial 0 is the winner: val_accuracy <b>0.9</b> after 2 epochs."));
  EXPECT_TRUE(has(html, "<span>--batch-size=64</span> <span>--lr=0.01</span>"));
  EXPECT_TRUE(has(html, "300 J<small>&nbsp;±&nbsp;150</small>"));
  EXPECT_TRUE(has(html, "cpu-model, modelled"));
  EXPECT_TRUE(has(html, "33 %"));
  EXPECT_TRUE(has(html, "rung 0: objective 0.81 against 0.12 of the last one kept"));
  EXPECT_TRUE(has(html, "diverged: loss is NaN at step 31"));
}

TEST(Page, SaysHowAndOnWhatItWasMeasured) {
  SampleStudy sample = testing::decided_study();
  const auto fact = [&](const std::string& name, const std::string& text) {
    return has(page_of(sample), "<div><dt>" + name + "</dt><dd>" + text + "</dd></div>");
  };
  EXPECT_TRUE(fact("strategy", "sm2-classic"));
  EXPECT_TRUE(fact("host", "host-a"));
  EXPECT_TRUE(fact("devices of trials", "all that the host has"));
  EXPECT_TRUE(fact("energy sources", "cpu-model: CPU time times a power curve, modelled"));
  EXPECT_TRUE(fact("grid intensity", "not given (energy.grid): no figure of carbon")) << page_of(sample);
  sample.add(
      trial::Launched{0, {}, trial::Devices{{"gpu-0", "GPU-b", trial::Vendor::kNvidia, "gpu 0000:3b:00.0"}}});
  EXPECT_TRUE(fact("devices of trials", "gpu-0 (gpu 0000:3b:00.0)"));
}

TEST(Page, HasTheDevicesOfTrialsThatWereGivenSome) {
  SampleStudy sample = testing::decided_study();
  EXPECT_FALSE(has(page_of(sample), "data-name=\"devices\""));
  sample.train(3, SampleStudy::configuration(64, 0.2), 0, 1);
  sample.add(trial::Launched{3, {}, trial::Devices{{"gpu-<1>", "GPU-b", trial::Vendor::kNvidia, ""}}});
  const std::string html = page_of(sample);
  EXPECT_EQ(broken_tags(html), "");
  EXPECT_TRUE(has(html, "<td class=\"n\" data-name=\"devices\">gpu-&lt;1&gt;</td>"));
  EXPECT_TRUE(has(html, "<td class=\"n\" data-name=\"devices\">–</td>"));
}

TEST(Page, StandsAlone) {
  const std::string html = page_of(testing::decided_study());
  for (const char* outside : {"http://", "https://", "<script", "url(", "@import", "src=", "<link"}) {
    EXPECT_FALSE(has(html, outside)) << outside;
  }
  EXPECT_TRUE(has(html, "default-src 'none'"));
}

TEST(Page, HasNoStyleAttributeThatAServersPolicyWouldForbid) {
  SampleStudy study = testing::decided_study();
  EXPECT_FALSE(has(page_of(study), " style=\""));
  const std::string html = page_of(study, false, Served{"abc", {}, 500});
  EXPECT_EQ(broken_tags(html), "");
  EXPECT_FALSE(has(html, " style=\""));
  EXPECT_TRUE(has(html, "<style nonce=\"abc\">"));
  EXPECT_FALSE(has(html, "http-equiv=\"Content-Security-Policy\""));
}

TEST(Page, IsLoadedAnewWhereItsServerSaysSo) {
  EXPECT_FALSE(has(page_of(testing::decided_study(), true), "http-equiv=\"refresh\""));
  EXPECT_FALSE(
      has(page_of(testing::decided_study(), false, Served{"abc", {}, 500}), "http-equiv=\"refresh\""));
  EXPECT_TRUE(has(page_of(testing::decided_study(), true, Served{"abc", base::Seconds(5), 500}),
                  "<meta http-equiv=\"refresh\" content=\"5\">"));
}

TEST(Page, HasEveryTrialHoweverMany) {
  for (const int trials : {1, 31, 200}) {
    const std::string html = page_of(many(trials));
    EXPECT_EQ(broken_tags(html), "");
    for (int i = 0; i < trials; ++i) {
      EXPECT_TRUE(has(html, fmt::format("data-name=\"trial\">{}</th>", i))) << i << " of " << trials;
      EXPECT_EQ(has(html, fmt::format("reason of {}<", i)), i + 1 < trials);
    }
  }
}

TEST(Page, OfVeryManyTrialsAServerShowsTheBest) {
  const std::string html = page_of(many(20), false, Served{"abc", {}, 5});
  EXPECT_EQ(broken_tags(html), "");
  EXPECT_TRUE(has(html, "Of 20 trials the best 5 are drawn."));
  EXPECT_TRUE(has(html, "and 15 more; <code>sm2 trials</code> has all"));
  EXPECT_TRUE(has(html, "data-name=\"trial\">19</th>"));
  EXPECT_FALSE(has(html, "data-name=\"trial\">14</th>"));
}

TEST(Page, EveryStateOfAStudyIsAWholePage) {
  SampleStudy study;
  EXPECT_EQ(broken_tags(page_of(study)), "");
  EXPECT_TRUE(has(page_of(study), "No trial has begun."));
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  EXPECT_EQ(broken_tags(page_of(study, true)), "");
  EXPECT_TRUE(has(page_of(study, true), ">running</span>"));
  EXPECT_TRUE(has(page_of(study), "sm2 tune"));
  EXPECT_TRUE(has(page_of(study), "<em>interrupted</em>"));
  study.exit(0, trial::OutOfMemory{""}, SampleStudy::unknown_energy());
  study.close("finished", {}, "no trial is usable");
  EXPECT_EQ(broken_tags(page_of(study)), "");
  EXPECT_TRUE(has(page_of(study), "No usable trial: all 1 failed."));
  EXPECT_TRUE(has(page_of(study), "permission denied"));
}

TEST(Page, UnknownEnergyIsNeverZero) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  const std::string html = page_of(study);
  EXPECT_TRUE(has(html, "<p class=\"total\">unknown</p>"));
  EXPECT_TRUE(has(html, "whose energy is unknown"));
  EXPECT_FALSE(has(html, "0.00 J"));
}

TEST(Page, NumbersThatAreNotFiniteDoNotReachTheDrawing) {
  SampleStudy study;
  study.spec.metric.target = 0.9;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 9);
  const double metrics[] = {0.1, std::nan(""), INFINITY, -INFINITY, 1e300, -1e300, 0.2};
  for (int i = 0; i < 7; ++i) study.evaluate(0, i + 1, metrics[i], SampleStudy::energy(10 * i + 1));
  const std::string html = page_of(study);
  EXPECT_EQ(broken_tags(html), "");
  for (std::size_t at = html.find(" d=\""); at != std::string::npos; at = html.find(" d=\"", at + 1)) {
    const std::string path = html.substr(at + 4, html.find('"', at + 4) - at - 4);
    EXPECT_EQ(path.find("nan"), std::string::npos) << path;
    EXPECT_EQ(path.find("inf"), std::string::npos) << path;
  }
}

TEST(Page, HostileTextIsOnlyText) {
  const std::string evil =
      "</title></style><script>alert('x')</script>\"><img src=x onerror=alert(1)>\x1b[31m\xff";
  SampleStudy study(evil);
  study.spec.metric.name = evil;
  study.spec.resource.unit = evil;
  study.spec.command.push_back(evil);
  study.spec.strategy = evil;
  study.train(0, {{"batch_size", evil}, {evil, evil}}, 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(10));
  study.exit(0, trial::Paused{}, SampleStudy::energy(10), evil);
  study.train(1, {{"batch_size", evil}}, 0, 1);
  study.evaluate(1, 1, 0.4, SampleStudy::unknown_energy(evil));
  study.exit(1, trial::Failed{1, evil}, SampleStudy::unknown_energy(evil));
  study.add(trial::Opened{evil, evil, 1, {evil}});
  const std::string html = page_of(study);
  EXPECT_EQ(broken_tags(html), "");
  for (const char* live : {"<script", "<img", "\x1b", "\xff"}) EXPECT_FALSE(has(html, live)) << live;
}

}  // namespace
}  // namespace sm2::report::html
