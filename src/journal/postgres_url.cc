#include "journal/postgres_url.h"

#include <algorithm>
#include <map>
#include <memory>

#include "journal/postgres_library.h"

namespace sm2::journal {
namespace {

using Options = std::map<std::string, std::string>;

// Those that have a value.
Options taken(PQconninfoOption* list) {
  Options options;
  for (const PQconninfoOption* option = list; option && option->keyword; ++option) {
    if (option->val && *option->val) options[option->keyword] = option->val;
  }
  libpq().PQconninfoFree(list);
  return options;
}

std::string value(const Options& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? "" : found->second;
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text)
    all += plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return all;
}

// Before the options, one @ at most, and no / before it: else it may be a password that is not written as URLs want it, of
// which a part was taken for a host or a database.
bool ambiguous(std::string_view text, const Options& given) {
  for (const char* name : {"host", "port", "dbname"}) {
    if (value(given, name).find('@') != std::string::npos) return true;
  }
  const std::string_view place = text.substr(text.find("://") + 3, text.find('?') - text.find("://") - 3);
  const auto at = place.find('@');
  return at != place.rfind('@') || (at != std::string_view::npos && place.find('/') < at);
}

std::string without_passwords(Options options) {
  std::string text = "postgresql://";
  const std::string user = value(options, "user"), host = value(options, "host");
  const std::string port = value(options, "port"), database = value(options, "dbname");
  for (const char* shown : {"user", "dbname", "password", "sslpassword"}) options.erase(shown);
  if (!user.empty()) text += escaped(user) + "@";
  if (std::ranges::all_of(host, plain)) {
    text += host + (port.empty() ? "" : ":" + escaped(port));
    options.erase("host");
    options.erase("port");
  }
  text += "/" + escaped(database);
  char before = '?';
  for (const auto& [name, given] : options)
    text += std::exchange(before, '&') + escaped(name) + "=" + escaped(given);
  return text;
}

}  // namespace

base::Result<PostgresUrl> PostgresUrl::parse(std::string_view text) {
  if (!find_libpq()) {
    return base::fail(
        "store postgresql://...: this machine has no libpq, PostgreSQL's client library; install it (Debian: "
        "libpq5)");
  }
  const std::string whole(text);
  char* complaint = nullptr;  // may quote the password
  PQconninfoOption* list = libpq().PQconninfoParse(whole.c_str(), &complaint);
  libpq().PQfreemem(complaint);
  const Options given = taken(list);
  if (!list || ambiguous(text, given) || text.find('\0') != std::string_view::npos) {
    return base::fail(
        "store postgresql://...: it is no URL that can be read; write "
        "postgresql://USER@HOST:PORT/DATABASE, and /, @, ? and % in a name or password as %2F, %40, %3F and "
        "%25");
  }
  const Options defaults = taken(libpq().PQconndefaults());
  std::string database;
  for (const Options* options : {&given, &defaults}) {
    for (const char* name : {"dbname", "user"}) {
      if (database.empty()) database = value(*options, name);
    }
  }
  return PostgresUrl{whole, without_passwords(given), database};
}

}  // namespace sm2::journal
