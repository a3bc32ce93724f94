#include "compare/simulation.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <unordered_map>

#include "base/hash.h"
#include "compare/course.h"

namespace sm2::compare {
namespace {

std::string text_of(const space::Configuration& configuration) {
  std::string text;
  for (const auto& [name, value] : configuration) text += name + "=" + space::to_text(value) + "\n";
  return text;
}

struct Trial {
  space::Configuration configuration;
  std::unique_ptr<Course> course;  // absent: it has not trained, or what it held is freed
  std::vector<strategy::Experience::Point> points;
};

struct Running {  // a stretch; a worker's slot is free when it has no trial
  std::optional<trial::TrialId> trial;
  double until = 0;
  std::optional<base::Seconds> probe;  // that is left of it
  bool tune = false;
  base::Seconds began;  // of the leg
  Leg leg;
};

struct Happening {  // the end of a leg
  base::Seconds time;
  std::uint64_t order;
  std::size_t slot;
  bool operator>(const Happening& other) const {
    return time != other.time ? time > other.time : order > other.order;
  }
};

class Simulation {
 public:
  Simulation(const workload::Workload& workload, const Setting& setting, std::uint64_t seed, int recurrence,
             std::vector<strategy::Experience> known)
      : workload_(workload),
        job_(workload.job()),
        setting_(setting),
        target_(setting.to_the_end ? std::nullopt : workload.job().target),
        seed_(seed),
        recurrence_(recurrence),
        learns_(setting.learn || target_.has_value()),
        known_(std::move(known)),
        running_(static_cast<std::size_t>(setting.workers)) {
    for (std::size_t slot = running_.size(); slot-- > 0;) free_.push_back(slot);
    if (!known_.empty()) study_ = std::ranges::max(known_, {}, &strategy::Experience::study).study + 1;
  }

  base::Result<Spent> run() {
    for (spent_.starts = 1;; ++spent_.starts) {
      if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
      auto finish = work();
      if (!finish) return tl::unexpected(finish.error());
      stop_all();
      keep_experience();
      const bool give_up = !target_ || spent_.starts == kMostStarts;
      if (!winner_ && give_up) choose(finish->winner);
      if (winner_ || give_up) break;
      trials_.clear();
      happenings_ = {};
    }
    spent_.seconds = now_;
    if (!spent_.metric) {
      spent_.metric = best_;
      spent_.test_metric = best_test_;
    }
    if (setting_.learn) spent_.learnt = std::move(learnt_);
    return std::move(spent_);
  }

 private:
  base::Result<> begin() {
    strategy::Options options = setting_.options;
    options.seed =
        base::Random(seed_, base::hash(fmt::format("strategy {} {}", recurrence_, spent_.starts))).bits();
    options.resource_max = job_.resource_max;
    options.resource_min = std::min(options.resource_min, options.resource_max);
    options.metric = job_.metric;
    options.minimized = job_.minimized;
    options.target = target_;
    options.tune_power = !job_.power_limits.empty();
    options.experience = known_;
    options.experience.insert(options.experience.end(), learnt_.begin(), learnt_.end());
    auto made = setting_.make ? setting_.make(job_.space, options)
                              : strategy::make(setting_.strategy, job_.space, options);
    if (!made) return tl::unexpected(made.error());
    strategy_ = *std::move(made);
    return {};
  }

  // Until the strategy finishes, or a trial reaches the target.
  base::Result<trial::Finish> work() {
    while (true) {
      while (!free_.empty()) {
        trial::Decision decision = strategy_->ask();
        if (auto* finish = std::get_if<trial::Finish>(&decision)) return std::move(*finish);
        if (std::holds_alternative<trial::Wait>(decision)) break;
        if (auto* train = std::get_if<trial::Train>(&decision)) start(std::move(*train));
        if (const auto* drop = std::get_if<trial::Drop>(&decision)) leave(at(drop->trial), false);
      }
      if (happenings_.empty())
        return base::fail("strategy '{}' waits although no trial runs", setting_.strategy);
      const Happening next = happenings_.top();
      happenings_.pop();
      now_ = next.time;
      if (arrive(next.slot)) return trial::Finish{winner_, "the target is reached"};
    }
  }

  Trial& at(trial::TrialId id) {
    const auto index = static_cast<std::size_t>(id);
    if (index >= trials_.size()) trials_.resize(index + 1);
    return trials_[index];
  }

  std::unique_ptr<Course> new_course(const trial::Train& train) {
    const std::string text = text_of(train.configuration);
    const int count = drawn_[base::hash(text)]++;
    base::Random random(seed_, base::hash(fmt::format("training {} {} {}", recurrence_, count, text)));
    double from = 0;
    if (train.parent) {
      if (const auto& parent = at(*train.parent).course) from = parent->reached();
    }
    return std::make_unique<Course>(job_, train.configuration, workload_.draw(train.configuration, random),
                                    from);
  }

  void start(trial::Train train) {
    const std::size_t slot = free_.back();
    free_.pop_back();
    if (!at(train.trial).course) {
      auto course = new_course(train);
      at(train.trial).course = std::move(course);
      ++spent_.trials;
    }
    Running& stretch = running_[slot];
    stretch.trial = train.trial;
    stretch.until = std::min(train.until, at(train.trial).course->end());
    stretch.probe = train.probe;
    stretch.tune = train.tune_power || setting_.tune_power;
    at(train.trial).configuration = std::move(train.configuration);
    go_on(slot);
  }

  void go_on(std::size_t slot) {
    Running& stretch = running_[slot];
    Course& course = *at(*stretch.trial).course;
    stretch.began = now_;
    stretch.leg = stretch.until > course.reached()
                      ? course.next(stretch.until, stretch.probe, stretch.tune)
                      : Leg{course.reached(), {}, {}};  // its training has no more
    happenings_.push({now_ + stretch.leg.seconds, order_++, slot});
  }

  // The leg of a worker ends. Whether its trial has reached the target.
  bool arrive(std::size_t slot) {
    Running& stretch = running_[slot];
    const trial::TrialId id = *stretch.trial;
    Trial& trial = at(id);
    const bool moved = stretch.leg.to > trial.course->reached();
    std::optional<double> metric;
    if (moved) metric = trial.course->walk(stretch.leg);
    spent_.joules += stretch.leg.joules;
    if (stretch.probe) *stretch.probe -= stretch.leg.seconds;
    if (metric && !std::isfinite(*metric)) {
      end(slot, trial::Diverged{fmt::format("{} is {} at {:g}", job_.metric, *metric, stretch.leg.to)});
      return false;
    }
    if (metric) {
      note(trial, *metric);
      if (target_ && *metric >= *target_) {
        winner_ = id;
        free(slot);
        choose(id);
        return true;
      }
    }
    if (trial.course->reached() >= stretch.until) {
      const bool whole = trial.course->reached() >= trial.course->end();
      end(slot, whole ? trial::Outcome(trial::Completed{}) : trial::Outcome(trial::Paused{}));
    } else if (probe_is_over(stretch)) {
      end(slot, trial::Paused{});
    } else if (!metric) {
      go_on(slot);
    } else {
      obey(slot, strategy_->judge(id, trial.course->stretch(trial::Paused{})));
    }
    return false;
  }

  // A leg that ends in mid-unit, before the stretch's end, ends with the probe.
  static bool probe_is_over(const Running& stretch) {
    const bool in_unit = stretch.leg.to != std::floor(stretch.leg.to);
    return stretch.probe && (in_unit || *stretch.probe <= base::Seconds(0));
  }

  void obey(std::size_t slot, const strategy::Verdict& verdict) {
    switch (verdict.action) {
      case trial::Action::kContinue:
        return go_on(slot);
      case trial::Action::kPause:
        return end(slot, trial::Paused{});
      case trial::Action::kStop:
        return end(slot, trial::Stopped{verdict.reason});
    }
  }

  void note(Trial& trial, double metric) {
    if (!best_ || metric > *best_) {
      best_ = metric;
      best_test_ = trial.course->test_metric();
    }
    if (learns_) trial.points.push_back({trial.course->reached(), metric, trial.course->joules().value});
  }

  void end(std::size_t slot, trial::Outcome outcome) {
    const trial::TrialId id = *running_[slot].trial;
    Trial& trial = at(id);
    const bool failed = !trial::usable(outcome);
    const bool ended = failed || std::holds_alternative<trial::Stopped>(outcome);
    free(slot);
    strategy_->tell(id, trial.course->stretch(std::move(outcome)));
    if (ended) leave(trial, failed);
  }

  // It will not train again: what it holds is freed.
  void leave(Trial& trial, bool failed) {
    if (!trial.course) return;
    remember(trial, failed);
    trial.course.reset();
    trial.points = {};
  }

  void free(std::size_t slot) {
    running_[slot].trial.reset();
    free_.push_back(slot);
  }

  // Everything that still runs has run until now.
  void stop_all() {
    for (std::size_t slot = 0; slot < running_.size(); ++slot) {
      const Running& stretch = running_[slot];
      if (!stretch.trial) continue;
      const double share =
          stretch.leg.seconds > base::Seconds(0) ? (now_ - stretch.began) / stretch.leg.seconds : 1;
      at(*stretch.trial).course->give_up(stretch.leg, share);
      spent_.joules += share * stretch.leg.joules;
      free(slot);
    }
  }

  void remember(const Trial& trial, bool failed) {
    if (!learns_) return;
    learnt_.push_back({study_, job_.name, trial.configuration, trial.points, trial.course->reached(),
                       trial.course->joules().value, failed});
  }

  void keep_experience() {
    for (const Trial& trial : trials_) {
      if (trial.course) remember(trial, false);
    }
    ++study_;
  }

  void choose(std::optional<trial::TrialId> id) {
    if (!id) return;
    const Trial& trial = at(*id);
    spent_.reached = !target_ || winner_ == id;
    spent_.chosen = trial.configuration;
    if (!trial.course) return;
    if (spent_.reached) {
      spent_.metric = trial.course->metric();
      spent_.test_metric = trial.course->test_metric();
    }
    spent_.limit = trial.course->limit();
  }

  const workload::Workload& workload_;
  const workload::Job& job_;
  const Setting& setting_;
  std::optional<double> target_;  // oriented; absent: until the strategy finishes
  std::uint64_t seed_;
  int recurrence_;
  bool learns_;
  std::vector<strategy::Experience> known_, learnt_;
  int study_ = 0;
  std::unique_ptr<strategy::Strategy> strategy_;
  std::vector<Trial> trials_;  // by id
  std::vector<Running> running_;
  std::vector<std::size_t> free_;  // slots of running_
  std::priority_queue<Happening, std::vector<Happening>, std::greater<>> happenings_;
  std::unordered_map<std::uint64_t, int> drawn_;  // trainings of a configuration, by its hash
  base::Seconds now_;
  std::uint64_t order_ = 0;
  std::optional<double> best_, best_test_;
  std::optional<trial::TrialId> winner_;  // that reached the target
  Spent spent_;
};

}  // namespace

base::Result<Spent> simulate(const workload::Workload& workload, const Setting& setting, std::uint64_t seed) {
  return Simulation(workload, setting, seed, 0, setting.options.experience).run();
}

base::Result<std::vector<Spent>> recur(const workload::Workload& workload, const Setting& setting,
                                       std::uint64_t seed, int recurrences) {
  Setting learning = setting;
  learning.learn = true;
  std::vector<Spent> all;
  std::vector<strategy::Experience> known = setting.options.experience;
  for (int recurrence = 0; recurrence < recurrences; ++recurrence) {
    auto spent = Simulation(workload, learning, seed, recurrence, known).run();
    if (!spent) return tl::unexpected(spent.error());
    known.insert(known.end(), spent->learnt.begin(), spent->learnt.end());
    if (!setting.learn) spent->learnt.clear();
    all.push_back(*std::move(spent));
  }
  return all;
}

}  // namespace sm2::compare
