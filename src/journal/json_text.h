// JSON written piece by piece, as text: events are written so often that a tree of nodes would cost more than all else of
// storing them. Keys and texts may hold anything: what is no UTF-8 is replaced. Numbers as in json_number.h.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sm2::journal {

class JsonText {
 public:
  // An object of what `fill(JsonText&)` puts into it.
  template <class Fill>
  static std::string object(const Fill& fill) {
    JsonText json;
    json.within('{', '}', fill);
    return std::move(json.text_);
  }

  // A member of the object that is being filled. What has no value is left out.
  template <class Value>
  void put(std::string_view key, const Value& value) {
    begin(key);
    write(value);
  }
  template <class Value>
  void put(std::string_view key, const std::optional<Value>& value) {
    if (value) put(key, *value);
  }
  void put_json(std::string_view key, std::string_view json);  // text that is JSON already

  template <class Fill>
  void put_object(std::string_view key, const Fill& fill) {
    begin(key);
    within('{', '}', fill);
  }
  // One element each: what is written by `element(JsonText&, one)`, an object's members.
  template <class List, class Element>
  void put_objects(std::string_view key, const List& list, const Element& element) {
    begin(key);
    within('[', ']', [&](JsonText&) {
      for (const auto& one : list) {
        separate();
        within('{', '}', [&](JsonText&) { element(*this, one); });
      }
    });
  }
  template <class List>
  void put_list(std::string_view key, const List& list) {
    begin(key);
    within('[', ']', [&](JsonText&) {
      for (const auto& one : list) {
        separate();
        write(one);
      }
    });
  }

 private:
  template <class Fill>
  void within(char opened, char closed, const Fill& fill) {
    text_ += opened;
    fill(*this);
    text_ += closed;
  }

  void begin(std::string_view key);
  void separate();  // from what stands before in the same object or list
  void write(double number);
  void write(std::string_view text);
  template <std::integral Value>
  void write(Value value) {
    if constexpr (std::same_as<Value, bool>) {
      text_ += value ? "true" : "false";
    } else {
      text_ += std::to_string(value);
    }
  }

  std::string text_;
};

}  // namespace sm2::journal
