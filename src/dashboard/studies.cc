#include "dashboard/studies.h"

#include <algorithm>
#include <set>
#include <shared_mutex>

#include "config/study_file.h"

namespace sm2::dashboard {
namespace {

using Clock = std::chrono::steady_clock;

Row troubled(const std::string& study, const base::Error& error) {
  Row row;
  row.study = study;
  row.trouble = error.message;
  return row;
}

}  // namespace

Studies::Studies(Source source, Patience patience) : source_(std::move(source)), patience_(patience) {}

base::Result<std::vector<std::shared_ptr<const Row>>> Studies::rows() {
  const std::lock_guard lock(mutex_);
  if (auto refreshed = refresh(); !refreshed) return tl::unexpected(refreshed.error());
  std::vector<std::shared_ptr<const Row>> all;
  for (const std::string& study : order_) all.push_back(books_.at(study).row);
  return all;
}

base::Result<Studies::Seen> Studies::see(const std::string& study, const See& see) {
  std::shared_ptr<Folded> shown;
  {
    const std::lock_guard lock(mutex_);
    if (auto refreshed = refresh(); !refreshed) return tl::unexpected(refreshed.error());
    const auto found = books_.find(study);
    if (found == books_.end()) return Seen{};
    Book& book = found->second;
    if (!book.folded) read(study, book);
    if (!book.row->trouble.empty()) return Seen{true, book.row->trouble};
    book.looked_at = ++looks_;
    shown = book.folded;
  }
  const std::shared_lock standing_still(shown->mutex);
  see(*shown);
  return Seen{true, {}};
}

base::Result<> Studies::refresh() {
  const auto since = Clock::now() - tried_;
  if (failure_ && since < patience_.after_failure) return tl::unexpected(*failure_);
  if (!failure_ && store_ && since < patience_.fresh) return {};
  auto read = open();
  if (read) read = read_lengths();
  failure_ = read ? std::nullopt : std::optional(read.error());
  tried_ = Clock::now();
  return read;
}

base::Result<> Studies::open() {
  if (store_ && (Clock::now() - opened_ < patience_.between_openings || store_->current())) return {};
  books_.clear();
  order_.clear();
  store_.reset();
  auto opened = source_.open();
  if (!opened) return tl::unexpected(opened.error());
  store_ = *std::move(opened);
  opened_ = Clock::now();
  return {};
}

base::Result<> Studies::read_lengths() {
  const auto lengths = store_->lengths();
  if (!lengths) return tl::unexpected(lengths.error());
  order_.clear();
  std::set<std::string> there;
  for (const auto& [study, events] : *lengths) {
    if (events == 0) continue;  // it is just being made
    order_.push_back(study);
    there.insert(study);
    Book& book = books_[study];
    if (events < book.events) book = {};  // the store was restored
    const bool known = book.row && book.events == events;
    if (!known || (!book.row->ended && tuner_alive(study) != book.row->tuner_alive)) read(study, book);
    forget_some();
  }
  std::erase_if(books_, [&](const auto& book) { return !there.contains(book.first); });
  return {};
}

bool Studies::tuner_alive(const std::string& study) const {
  return (config::is_name(study) && source_.tuner_here(study)) || store_->claimed(study);
}

void Studies::read(const std::string& study, Book& book) {
  if (!book.folded) book.folded = std::make_shared<Folded>(study);
  Folded& folded = *book.folded;
  const std::unique_lock changing(folded.mutex);
  const auto journal = store_->open(study);
  const auto read = journal ? folded.read_on(**journal, source_.name) : tl::unexpected(journal.error());
  folded.study.tuner_alive = !ended(folded.study.state) && tuner_alive(study);
  book.row = std::make_shared<const Row>(read ? row_of(folded) : troubled(study, read.error()));
  book.events = folded.study.state.events;
  book.looked_at = ++looks_;
}

void Studies::forget_some() {
  std::vector<Book*> held;
  for (auto& [study, book] : books_) {
    if (book.folded) held.push_back(&book);
  }
  if (held.size() <= patience_.most_folded) return;
  (*std::ranges::min_element(held, {}, &Book::looked_at))->folded.reset();
}

}  // namespace sm2::dashboard
